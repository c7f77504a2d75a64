import type { RequestSpec } from '@kilonova/compute-objects';
import type { SchedulingFacts } from '../filters/index.js';
import type { HostState } from '../host-state.js';

/** Gives each host a raw value; values are normalised over the hosts of a ranking before they are multiplied. */
export interface HostWeigher {
  readonly name: string;
  readonly defaultMultiplier: number;
  /** The key of an aggregate's metadata that sets the multiplier for its hosts; of several the least counts. */
  readonly aggregateKey: string;
  /** The lowest value that normalising starts from, where it is not the lowest seen. */
  readonly floor?: number;
  value(host: HostState, spec: RequestSpec, facts: SchedulingFacts): number;
}

/** Weight by weigher name; left out: the weigher's default. */
export type Multipliers = Readonly<Record<string, number>>;

export interface WeighedHost {
  readonly host: HostState;
  readonly weight: number;
}

/** A weight, and what each weigher adds to it. */
export interface WeighedInParts extends WeighedHost {
  readonly parts: Readonly<Record<string, number>>;
}

/** What hosts are weighed by. */
export interface WeighingRules {
  readonly weighers: readonly HostWeigher[];
  readonly multipliers: Multipliers;
}
