import type { AppError, ErrorKind } from '@kilonova/util';

const STATUS: Readonly<Record<ErrorKind, number>> = {
  'invalid-input': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'unsupported-version': 406,
  conflict: 409,
  quota: 403,
  bug: 500,
  'not-implemented': 501,
  dependency: 503,
  deadline: 504,
};

/** The HTTP status of an error: its kind's, unless it names another (`details.httpStatus`: 405, 410, 413, 415 …). */
export const httpStatus = (error: AppError): number => {
  const own = error.details['httpStatus'];
  return typeof own === 'number' ? own : STATUS[error.kind];
};

/** Headers that go with a status whatever the style: which methods there are, when to come back. */
export function faultHeaders(error: AppError, status: number): Record<string, string> {
  const headers: Record<string, string> = {};
  if (typeof error.details['allow'] === 'string') headers['allow'] = error.details['allow'];
  if (status === 503 || status === 507 || status === 429)
    headers['retry-after'] = String(Math.ceil((typeof error.retry === 'object' ? error.retry.laterMs : 1000) / 1000));
  return headers;
}

/** What a client may read: of a bug nothing but that there was one. */
export const publicMessage = (error: AppError): string =>
  error.kind === 'bug' ? 'Unexpected API Error. The operator finds the cause in the log under the request id.' : error.message;
