import { isConnectionFailure } from '@kilonova/sql';
import { AppError } from '@kilonova/util';

const DATABASE_CODE = /^(sql|cell)\.database\./;

/** True when the cell's database could not be reached, or did not answer; false for what a statement did wrong. */
export const isCellFailure = (error: unknown): boolean =>
  error instanceof AppError ? DATABASE_CODE.test(error.code) : isConnectionFailure(error);

/** True when the deadline passed before the database had answered. */
export const isCellTimeout = (error: unknown): boolean => error instanceof AppError && error.code === 'cell.database.timeout';

/** True when the database itself ended a statement that took too long: it answers, so it is not down. */
export const isSlowStatement = (error: unknown): boolean => error instanceof AppError && error.code === 'sql.database.timeout';

/** A cell that cannot be used now. Codes: `cell.database.unavailable`, `.timeout`, `.breaker_open`. */
export const cellUnavailable = (name: string, reason: 'unavailable' | 'timeout' | 'breaker_open', cause?: unknown): AppError =>
  new AppError({
    kind: 'dependency',
    code: `cell.database.${reason}`,
    message: `The database of cell ${name} is not available.`,
    details: { cell: name },
    retry: { laterMs: 5_000 },
    cause,
  });
