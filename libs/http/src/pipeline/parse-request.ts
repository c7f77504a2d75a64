import { AppError, invalid } from '@kilonova/util';
import { type Negotiated, pickVersion } from '../microversion.js';
import type { Route } from '../route.js';
import { validate } from '../schema/validator.js';
import type { ApiStyle } from '../style/index.js';
import { parseJson } from './well-formed.js';

/** Parses a JSON body. An empty one is undefined. */
export function parseBody(raw: Buffer | undefined, style: ApiStyle): unknown {
  if (raw === undefined || raw.length === 0) return undefined;
  return parseJson(raw, style);
}

/** True when the row reads a JSON body at this version. */
export const wantsBody = (row: Route, asked: Negotiated): boolean =>
  row.action !== undefined || (row.body !== undefined && pickVersion(row.body, asked) !== undefined);

/**
 * Picks the row that an action's body names.
 * @param rows those of the version. @param known every action of the URL at any version.
 * @throws AppError 404 for an action of other versions, 400 for an unknown one and for a body that names none or several.
 */
export function pickRow(rows: readonly Route[], known: ReadonlySet<string>, body: unknown): Route {
  const keys = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : [];
  const [name] = keys;
  if (name === undefined || keys.length > 1) throw invalid('request.action.malformed', 'Malformed request body');
  const row = rows.find((candidate) => candidate.action === name);
  if (row !== undefined) return row;
  throw known.has(name) ? notFoundHere() : invalid('request.action.unknown', `There is no such action: ${name}`);
}

/** @throws AppError in the style's words when the body does not fit the schema of the version. `relaxed` drops unknown keys instead. */
export function checkBody(row: Route, asked: Negotiated, body: unknown, style: ApiStyle, relaxed: boolean): void {
  const schema = row.body && pickVersion(row.body, asked)?.schema;
  if (schema === undefined) return;
  if (body === null && row.action === undefined) throw style.malformedJson('Expecting value: line 1 column 1 (char 0)');
  const fault = validate(schema, body, { relaxed, order: style.faultOrder });
  if (fault !== undefined) throw style.bodyFault(fault);
}

/** @throws AppError in the style's words when the query does not fit the schema of the version. */
export function checkQuery(row: Route, asked: Negotiated, query: URLSearchParams, style: ApiStyle, relaxed: boolean): void {
  const schema = row.query && pickVersion(row.query, asked)?.schema;
  if (schema === undefined) return;
  const fault = validate(schema, queryDocument(query, style.queryValues), { relaxed, order: style.faultOrder });
  if (fault !== undefined) throw style.queryFault(fault);
}

function queryDocument(query: URLSearchParams, shape: ApiStyle['queryValues']): Record<string, unknown> {
  const document: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
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
