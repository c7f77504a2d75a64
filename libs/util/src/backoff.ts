/** A bounded retry plan: at most `attempts` tries, pauses with full jitter between 0 and min(cap, base·2ⁿ) milliseconds. */
export interface BackoffPlan {
  readonly attempts: number;
  readonly baseMs: number;
  readonly capMs: number;
}

/** The pause before try `attempt` (1 = the first retry), full jitter. `random` in [0,1). */
export const backoffMs = (
  plan: Pick<BackoffPlan, 'baseMs' | 'capMs'>,
  attempt: number,
  random: () => number = Math.random,
): number => Math.floor(random() * Math.min(plan.capMs, plan.baseMs * 2 ** Math.max(0, attempt - 1)));

/** Resolves after `ms`, or rejects as soon as the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Runs `task` until it succeeds, the budget is spent, or `retryable` says no; rethrows the last error. */
export async function retry<T>(
  plan: BackoffPlan,
  task: (attempt: number) => Promise<T>,
  retryable: (error: unknown) => boolean,
  signal?: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await task(attempt);
    } catch (error) {
      if (attempt >= plan.attempts || !retryable(error)) throw error;
      await pause(backoffMs(plan, attempt), signal);
    }
  }
}
