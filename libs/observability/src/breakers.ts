import type { HealthChecks } from './health.js';
import type { Metrics } from './metrics.js';

export type BreakerState = 'closed' | 'open' | 'half-open';

const READING: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 0.5, open: 1 };

/** The breakers of a process towards what it needs, as operators see them. */
export class Breakers {
  readonly #states: Array<() => Iterable<readonly [name: string, state: BreakerState]>> = [];

  /** @param states read whenever somebody asks; names are few and fixed: they become labels */
  add(states: () => Iterable<readonly [name: string, state: BreakerState]>): this {
    this.#states.push(states);
    return this;
  }

  /** The same for a client with a breaker for reads and one for writes, as an option of its own. */
  readonly watch = (client: { readonly service: string; states(): Readonly<Record<string, BreakerState>> }): void => {
    this.add(() =>
      Object.entries(client.states()).map(([operations, state]) => [`${client.service} ${operations}`, state] as const),
    );
  };

  /**
   * Shows them in readiness and metrics. An open one is told and is no reason to be unready: without what it leads to
   * the process does less, but restarting it or sending its clients elsewhere mends nothing.
   */
  showIn(health: HealthChecks, metrics: Metrics): void {
    health.add('breakers', { readiness: false, run: () => this.#report() });
    metrics.readings('breaker_open', 'Breakers: 1 while calls are refused, 0.5 while one is tried', 'breaker', () =>
      this.#all().map(([name, state]) => [name, READING[state]] as const),
    );
  }

  #all(): ReadonlyArray<readonly [string, BreakerState]> {
    return this.#states.flatMap((states) => [...states()]);
  }

  #report(): { ok: boolean; detail?: string } {
    const broken = this.#all().filter(([, state]) => state !== 'closed');
    if (broken.length === 0) return { ok: true };
    return { ok: false, detail: broken.map(([name, state]) => `${name} is ${state}`).join(', ') };
  }
}
