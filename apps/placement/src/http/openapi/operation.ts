import type { Route, SchemaVersion, VersionSpan } from '@kilonova/http';
import type { PolicyRule } from '@kilonova/policy';
import type { Answers } from '../schemas/responses/index.js';
import { type JsonContent, jsonContent } from './json-content.js';
import { type Parameter, parametersOf } from './parameters.js';
import { type Responses, responsesOf } from './responses.js';
import { spanText, within } from './span-text.js';

/** One operation of an OpenAPI document, as far as it is read again. */
export interface Operation {
  readonly summary: string;
  readonly 'x-microversions': string;
  readonly 'x-policy'?: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: JsonContent };
  readonly responses: Responses;
  readonly [more: string]: unknown;
}

/** What the route table does not tell. */
export interface BesideRoutes {
  readonly answers: Answers;
  /** Schemas that controllers check themselves, by `PUT /path/:param`. */
  readonly lateBodies: ReadonlyMap<string, readonly SchemaVersion[]>;
}

/** The rows of one method of a URL, which differ by microversion, as one operation. */
export function operationOf(
  rows: readonly Route[],
  rules: readonly PolicyRule[],
  { answers, lateBodies }: BesideRoutes,
  last: string,
): Operation {
  const [row] = rows as readonly [Route];
  const { policy } = row;
  const key = `${row.method} ${row.path}`;
  const late = lateBodies.get(key);
  const body = late === undefined ? rows.flatMap((each) => within(each, each.body)) : within(wholeSpan(rows), late);
  return {
    operationId: operationId(row),
    summary: rules.find((rule) => rule.operations?.includes(templated(key)))?.description ?? 'Which versions are spoken here.',
    tags: [row.path.split('/')[1] ?? ''],
    'x-microversions': rows.map((each) => spanText(each, last)).join(', '),
    ...(policy !== undefined && { 'x-policy': policy }),
    ...(row.public === true && { security: [] }),
    parameters: [...parametersOf(rows, last), { $ref: '#/components/parameters/Microversion' } as never],
    ...(body.length > 0 && { requestBody: { required: true, content: jsonContent(body, last) } }),
    responses: responsesOf(answers[key] ?? [], wholeSpan(rows), last),
  };
}

/** From the first microversion that any of the rows holds for to the last. */
const wholeSpan = (rows: readonly Route[]): VersionSpan => ({ min: rows[0]?.min, max: rows.at(-1)?.max });

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
