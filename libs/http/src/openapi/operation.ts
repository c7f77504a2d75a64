import type { VersionSpan } from '../microversion.js';
import type { Route } from '../route.js';
import type { ApiDescription } from './api-description.js';
import { type JsonContent, jsonContent } from './json-content.js';
import { type Parameter, parametersOf } from './parameters.js';
import { type Responses, responsesOf } from './responses.js';
import { offeredText, within } from './span-text.js';

/** One operation of an OpenAPI document, as far as it is read again. */
export interface Operation {
  readonly summary: string;
  readonly 'x-microversions': string;
  readonly 'x-policy'?: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: JsonContent };
  readonly responses: Responses;
  /** Of `POST …/action`: each action by its name, which is the one key of the body. */
  readonly 'x-actions'?: Readonly<Record<string, Operation>>;
  readonly [more: string]: unknown;
}

/** The rows of one method of a URL, or of one action of it, which differ by microversion, as one operation. */
export function operationOf(rows: readonly Route[], api: ApiDescription): Operation {
  const [row] = rows as readonly [Route];
  const { policy } = row;
  const key = keyOf(row);
  const late = api.lateBodies?.get(key);
  const body = late === undefined ? rows.flatMap((each) => within(each, each.body)) : within(wholeSpan(rows), late);
  return {
    operationId: operationId(row),
    summary: summaryOf(row, api),
    tags: [row.path.split('/').find((part) => part !== '' && !/^v\d/.test(part)) ?? ''],
    'x-microversions': rows.map((each) => offeredText(each, api.versions)).join(', '),
    ...(policy !== undefined && { 'x-policy': policy }),
    ...(row.public === true && { security: [] }),
    parameters: [...parametersOf(rows, api.versions), { $ref: '#/components/parameters/Microversion' } as never],
    ...(body.length > 0 && { requestBody: { required: true, content: jsonContent(body, api.versions) } }),
    responses: responsesOf(api.answers[key] ?? [], wholeSpan(rows), api),
  };
}

/** `POST /servers/:id/action lock`: by what tables name an operation. */
export const keyOf = ({ method, path, action }: Route): string =>
  action === undefined ? `${method} ${path}` : `${method} ${path} ${action}`;

/** `/resource_providers/:uuid` → `/resource_providers/{uuid}` */
export const templated = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}');

/** What the rule says that guards it; where none does, what it answers: nothing good, if it knows no success. */
function summaryOf(row: Route, { rules, answers }: ApiDescription): string {
  const guarded = templated(`${row.method} ${row.path}`);
  const rule = rules.find(
    ({ name, operations }) => name === row.policy || (row.policy === undefined && operations?.includes(guarded)),
  );
  const ways = answers[keyOf(row)];
  return rule?.description ?? ways?.[0]?.description ?? (ways === undefined ? row.handler : 'Refused whatever is asked.');
}

/** From the first microversion that any of the rows holds for to the last. */
const wholeSpan = (rows: readonly Route[]): VersionSpan => ({ min: rows[0]?.min, max: rows.at(-1)?.max });

const operationId = ({ method, path, action }: Route): string =>
  [
    method.toLowerCase(),
    ...path
      .split('/')
      .filter((part) => part !== '')
      .map((part) => part.replace(':', 'by_')),
    ...(action === undefined ? [] : [action]),
  ].join('_');
