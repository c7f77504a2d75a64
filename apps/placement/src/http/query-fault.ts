import { badRequest, type ErrorCode } from '../errors.js';
import type { QueryResult } from '../model/candidates/index.js';

/** What was parsed. @throws AppError (400) saying what is wrong with the query. */
export function accepted<T>(result: QueryResult<T>): T {
  if (!result.ok) throw badRequest(result.message, result.code as ErrorCode);
  return result.value;
}
