import { AppError } from '@kilonova/util';

/** The pauses before attempts 2, 3, …: about half an hour in all, so that an outage of a database is sat out. */
export const DEFAULT_RETRY_DELAYS_MS: readonly number[] = [
  1_000, 5_000, 30_000, 30_000, 30_000, 300_000, 300_000, 300_000, 300_000, 300_000,
];

export type Verdict =
  | { readonly type: 'retry'; readonly delayMs: number; readonly error: AppError }
  | { readonly type: 'dead'; readonly error: AppError };

const TRANSIENT_ERRNO = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);
/** SQLSTATE: connection exceptions, serialisation failure, deadlock, resources, operator intervention. */
const TRANSIENT_SQLSTATE = /^(08(?!P01)...|40001|40P01|53...|57P0[1-5])$/;
const MAX_CAUSES = 5;

/** True for failures of the surroundings that a later attempt may not meet, told by code alone. */
export function isTransient(error: unknown): boolean {
  let current: unknown = error;
  for (let depth = 0; depth < MAX_CAUSES && current instanceof Error; depth++) {
    if (current instanceof AppError && current.retryable) return true;
    const code = (current as { code?: unknown }).code;
    if (typeof code === 'string' && (TRANSIENT_ERRNO.has(code) || TRANSIENT_SQLSTATE.test(code))) return true;
    current = (current as { driverError?: unknown }).driverError ?? current.cause;
  }
  return false;
}

/** What becomes of a cast whose handler failed on its `attempt`-th delivery (1 = first). */
export function judgeFailure(error: unknown, attempt: number, delaysMs: readonly number[]): Verdict {
  const asApp = AppError.from(error);
  const again = error instanceof AppError && error.kind !== 'bug' ? error.retryable : isTransient(error);
  const delayMs = delaysMs[attempt - 1];
  return again && delayMs !== undefined ? { type: 'retry', delayMs, error: asApp } : { type: 'dead', error: asApp };
}
