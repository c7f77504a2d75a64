import { type ApiRequest, boolFromString, microversion, type Route, type SchemaVersion } from '@kilonova/http';
import { invalid } from '@kilonova/util';
import { once } from '../../common/parameter-types.js';
import { oneOf } from '../../common/schema-kit.js';

/** Dry runs are there from this version of Kilonova's own extensions on. */
const SINCE = '1.2';
const NAME = 'dry_run';
/** The name however clients spell it; a schema knows no letters of any case. */
const ANY_CASE = '^[dD][rR][yY][-_]?[rR][uU][nN](\\[.*\\])?$';
const SPELLED = new RegExp(ANY_CASE);

/** Rows whose requests may be tried; what else a query names is nobody's concern there. */
export const dryRunQuery: readonly SchemaVersion[] = [
  {
    extension: SINCE,
    schema: {
      type: 'object',
      properties: { [NAME]: once(oneOf('true', 'false', 'True', 'False', '1', '0')) },
      additionalProperties: true,
    },
  },
];

const NEVER_TRIED: readonly SchemaVersion[] = [{ schema: { type: 'object', propertyNames: { not: { pattern: ANY_CASE } } } }];

/** Other rows that change something refuse the parameter, with 400: a client that means a trial never gets the deed. */
export const refusingTrials = (row: Route): Route =>
  row.method === 'GET' || row.query !== undefined ? row : { ...row, query: NEVER_TRIED };

/**
 * Whether the caller wants to know what would happen, and nothing to happen.
 * @throws AppError 400 where the caller did not ask for the extension, or wrote the name otherwise: a client that means a trial never
 *   gets the deed
 */
export function wantsDryRun({ query, extension }: Pick<ApiRequest<unknown>, 'query' | 'extension'>): boolean {
  const other = [...query.keys()].find((name) => name !== NAME && SPELLED.test(name));
  if (other !== undefined) throw invalid('compute.dry_run.misspelt', `The parameter is called ${NAME}, not ${other}.`);
  const value = query.get(NAME);
  if (value === null) return false;
  if (extension === undefined || extension < microversion(SINCE))
    throw invalid('compute.dry_run.not_asked', 'dry_run needs OpenStack-API-Version: compute X.Y, kilonova 1.2.');
  return boolFromString(value) === true;
}
