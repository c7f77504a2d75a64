import CircuitBreaker from 'opossum';

export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerOptions {
  /** Share of failing calls at which it opens. Default 50. */
  readonly errorPercent?: number;
  /** Calls within ten seconds below which it never opens. Default 10. */
  readonly volume?: number;
  /** After this time one call is let through to see. Default 2 s. */
  readonly resetMs?: number;
  /** Calls in flight at most; more are refused at once, so that a slow service can't fill our memory. Default 1000. */
  readonly capacity?: number;
}

/** What a breaker refused a call for, without making it. */
export type Refusal = 'circuit_open' | 'overloaded';

/** A breaker around calls of one kind to one service. Errors that `isFailure` denies don't count against the service. */
export function createBreaker<A extends unknown[], R>(
  name: string,
  call: (...args: A) => Promise<R>,
  isFailure: (error: unknown) => boolean,
  options: BreakerOptions,
): CircuitBreaker<A, R> {
  return new CircuitBreaker<A, R>(call, {
    name,
    timeout: false,
    errorThresholdPercentage: options.errorPercent ?? 50,
    volumeThreshold: options.volume ?? 10,
    resetTimeout: options.resetMs ?? 2_000,
    rollingCountTimeout: 10_000,
    enableSnapshots: false,
    capacity: options.capacity ?? 1_000,
    errorFilter: (error: unknown) => !isFailure(error),
  });
}

/** Why the breaker refused a call; undefined when the error is the call's own. */
export function refusal(error: unknown): Refusal | undefined {
  const { code } = error as { code?: string };
  if (code === 'EOPENBREAKER') return 'circuit_open';
  return code === 'ESEMLOCKED' ? 'overloaded' : undefined;
}

export const stateOf = (breaker: { readonly opened: boolean; readonly halfOpen: boolean }): BreakerState => {
  if (breaker.halfOpen) return 'half-open';
  return breaker.opened ? 'open' : 'closed';
};
