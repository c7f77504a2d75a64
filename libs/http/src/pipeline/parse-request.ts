import { AppError, invalid } from '@kilonova/util';
import { pickVersion, type Microversion } from '../microversion.js';
import type { Route } from '../route.js';
import { validate } from '../schema/validator.js';
import type { ApiStyle } from '../style/index.js';

/** Parses a JSON body. An empty one is undefined. */
export function parseBody(raw: Buffer | undefined, style: ApiStyle): unknown {
  if (raw === undefined || raw.length === 0) return undefined;
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch (error) {
    throw style.malformedJson(error instanceof Error ? error.message : String(error));
  }
}

/** Picks the row that an action's body names; other rows do not look at the body. */
export function pickRow(rows: readonly Route[], body: unknown): Route {
  const [first] = rows;
  if (first?.action === undefined) return first as Route;
  const keys = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : [];
  const row = rows.find((candidate) => candidate.action === keys[0]);
  if (keys.length === 1 && row !== undefined) return row;
  if (keys.length === 0) throw invalid('compute.request.malformed_json', 'Malformed request body');
  throw invalid('compute.action.unknown', keys.length > 1 ? 'Too many actions: only one action per request' : `There is no such action: ${keys[0]}`);
}

/** @throws AppError in the style's words when the body does not fit the schema of the version. */
export function checkBody(row: Route, version: Microversion, body: unknown, style: ApiStyle): void {
  const schema = row.body && pickVersion(row.body, version)?.schema;
  if (schema === undefined) return;
  if (body === undefined) throw style.malformedJson('a JSON document was expected');
  const fault = validate(schema, body);
  if (fault !== undefined) throw style.bodyFault(fault);
}

/** @throws AppError in the style's words when the query does not fit the schema of the version. */
export function checkQuery(row: Route, version: Microversion, query: URLSearchParams, style: ApiStyle): void {
  const schema = row.query && pickVersion(row.query, version)?.schema;
  if (schema === undefined) return;
  const fault = validate(schema, queryDocument(query, style.queryValues));
  if (fault !== undefined) throw style.queryFault(fault);
}

function queryDocument(query: URLSearchParams, shape: ApiStyle['queryValues']): Record<string, unknown> {
  const document: Record<string, unknown> = {};
  for (const key of new Set(query.keys())) {
    const values = query.getAll(key);
    document[key] = shape === 'list' ? values : values.at(-1);
  }
  return document;
}

/** The version lacks every row of the URL, or the URL lacks the method. */
export const notFoundHere = (): AppError =>
  new AppError({ kind: 'not-found', code: 'request.url.not_found', message: 'The resource could not be found.' });

export const methodNotAllowed = (methods: readonly string[]): AppError =>
  new AppError({
    kind: 'invalid-input',
    code: 'request.method.not_allowed',
    message: 'The method specified is not allowed for this resource.',
    details: { httpStatus: 405, allow: methods.join(', ') },
  });
