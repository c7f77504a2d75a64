/** Failed logins of one user, one address, or both together. */
export interface LoginTally {
  readonly failures: number;
  /** Epoch milliseconds before which no further login is tried. */
  readonly openAt: number;
}

/** When failures begin to cost time, and how much at most. */
export interface DelayRule {
  /** So many failures cost nothing. */
  readonly free: number;
  readonly maxDelayMs: number;
}

export const NO_FAILURES: LoginTally = { failures: 0, openAt: 0 };

const FIRST_DELAY_MS = 1_000;

/** The tally after one more failure: past the free ones each doubles the delay, from one second to the most. @param now epoch milliseconds */
export function afterFailure(tally: LoginTally, rule: DelayRule, now: number): LoginTally {
  const failures = tally.failures + 1;
  const costly = failures - rule.free;
  const delayMs = costly <= 0 ? 0 : Math.min(rule.maxDelayMs, FIRST_DELAY_MS * 2 ** Math.min(costly - 1, 30));
  return { failures, openAt: now + delayMs };
}
