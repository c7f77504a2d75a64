import type { RequestSpec } from '@kilonova/compute-objects';
import { leastOfAggregates } from '../filters/aggregate-values.js';
import type { SchedulingFacts } from '../filters/index.js';
import type { HostState } from '../host-state.js';
import type { HostWeigher, WeighingRules } from './host-weigher.js';

interface Axis {
  readonly weigher: HostWeigher;
  readonly multiplier: number;
  low: number;
  high: number;
}

/**
 * Turns raw values into one weight: Σ multiplier · (value − low) / (high − low), with low and high as seen over all hosts.
 * A host that changes is weighed on the same scale, so nobody else has to be weighed again; only a value beyond an end
 * makes the scale wider.
 */
export class WeightScale {
  readonly #axes: readonly Axis[];

  constructor(
    { weighers, multipliers }: WeighingRules,
    private readonly spec: RequestSpec,
  ) {
    this.#axes = weighers.map((weigher) => {
      const multiplier = multipliers[weigher.name] ?? weigher.defaultMultiplier;
      const low = weigher.floor ?? Number.POSITIVE_INFINITY;
      return { weigher, multiplier, low, high: Number.NEGATIVE_INFINITY };
    });
  }

  /** Makes the scale wide enough for a host; true when it was not. */
  include(host: HostState, facts: SchedulingFacts): boolean {
    let isWider = false;
    for (const axis of this.#axes) {
      const value = axis.weigher.value(host, this.spec, facts);
      if (value >= axis.low && value <= axis.high) continue;
      axis.low = Math.min(axis.low, value);
      axis.high = Math.max(axis.high, value);
      isWider = true;
    }
    return isWider;
  }

  weigh(host: HostState, facts: SchedulingFacts): number {
    let weight = 0;
    for (const axis of this.#axes) weight += this.#part(axis, host, facts);
    return weight;
  }

  /** What each weigher adds to a host's weight, but for those that say nothing. */
  parts(host: HostState, facts: SchedulingFacts): Readonly<Record<string, number>> {
    return Object.fromEntries(
      this.#axes.map((axis) => [axis.weigher.name, this.#part(axis, host, facts)] as const).filter(([, part]) => part !== 0),
    );
  }

  #part({ weigher, multiplier, low, high }: Axis, host: HostState, facts: SchedulingFacts): number {
    const own = host.aggregates.length === 0 ? multiplier : leastOfAggregates(host, weigher.aggregateKey, multiplier);
    const span = high - low;
    return own === 0 || span === 0 ? 0 : (own * (weigher.value(host, this.spec, facts) - low)) / span;
  }
}
