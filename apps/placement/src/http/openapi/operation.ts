import type { JsonSchema, Route, SchemaVersion, VersionSpan } from '@kilonova/http';
import type { PolicyRule } from '@kilonova/policy';
import { type Parameter, parametersOf } from './parameters.js';
import { spanText } from './span-text.js';

/** One operation of an OpenAPI document, as far as it is read again. */
export interface Operation {
  readonly summary: string;
  readonly 'x-microversions': string;
  readonly 'x-policy'?: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
  readonly [more: string]: unknown;
}

/** What of the route table has to be told apart: schemas that controllers check themselves, and rows that only refuse. */
export interface Exceptions {
  /** By `PUT /path/:param`. */
  readonly lateBodies: ReadonlyMap<string, readonly SchemaVersion[]>;
}

/** The rows of one method of a URL, which differ by microversion, as one operation. */
export function operationOf(
  rows: readonly Route[],
  rules: readonly PolicyRule[],
  exceptions: Exceptions,
  last: string,
): Operation {
  const [row] = rows as readonly [Route];
  const { policy } = row;
  const key = `${row.method} ${row.path}`;
  const body =
    exceptions.lateBodies.get(key) ?? rows.flatMap((each) => (each.body ?? []).map((one) => ({ ...spanOf(each), ...one })));
  return {
    operationId: operationId(row),
    summary: rules.find((rule) => rule.operations?.includes(templated(key)))?.description ?? 'Which versions are spoken here.',
    tags: [row.path.split('/')[1] ?? ''],
    'x-microversions': rows.map((each) => spanText(each, last)).join(', '),
    ...(policy !== undefined && { 'x-policy': policy }),
    ...(row.public === true && { security: [] }),
    parameters: [...parametersOf(rows, last), { $ref: '#/components/parameters/Microversion' } as never],
    ...(body.length > 0 && { requestBody: requestBody(body, last) }),
    responses: { '2XX': { description: 'Done.' }, default: { $ref: '#/components/responses/Error' } },
  };
}

const spanOf = ({ min, max }: Route): VersionSpan => ({ ...(min !== undefined && { min }), ...(max !== undefined && { max }) });

/** `/resource_providers/:uuid` → `/resource_providers/{uuid}` */
export const templated = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}');

const operationId = ({ method, path }: Route): string =>
  [
    method.toLowerCase(),
    ...path
      .split('/')
      .filter((part) => part !== '')
      .map((part) => part.replace(':', 'by_')),
  ].join('_');

/** One schema for each span of microversions; the header of the request says which holds. */
function requestBody(versions: readonly SchemaVersion[], last: string) {
  const schemas = versions.map(({ schema, ...span }) => ({ title: spanText(span, last), ...schema }));
  const [only] = schemas;
  const schema = schemas.length === 1 && only !== undefined ? only : { anyOf: schemas };
  return { required: true, content: { 'application/json': { schema } } };
}
