import type { RequestSpec } from '@kilonova/compute-objects';
import type { SchedulingFacts } from '../filters/index.js';
import type { HostState } from '../host-state.js';

/** Gives each host a raw value; values are normalised over the hosts of a run before they are multiplied. */
export interface HostWeigher {
  readonly name: string;
  readonly defaultMultiplier: number;
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

function normalise(values: readonly number[], floor: number | undefined): readonly number[] {
  const low = Math.min(...values, floor ?? Number.POSITIVE_INFINITY);
  const span = Math.max(...values) - low;
  return values.map((value) => (span === 0 ? 0 : (value - low) / span));
}

/** Hosts by falling weight; equal ones stay in the order given. */
export function weighHosts(
  weighers: readonly HostWeigher[],
  multipliers: Multipliers,
  hosts: readonly HostState[],
  spec: RequestSpec,
  facts: SchedulingFacts,
): readonly WeighedHost[] {
  if (hosts.length < 2) return hosts.map((host) => ({ host, weight: 0 }));
  const weights = new Array<number>(hosts.length).fill(0);
  for (const weigher of weighers) {
    const multiplier = multipliers[weigher.name] ?? weigher.defaultMultiplier;
    if (multiplier === 0) continue;
    const normal = normalise(
      hosts.map((host) => weigher.value(host, spec, facts)),
      weigher.floor,
    );
    normal.forEach((value, index) => {
      weights[index] = (weights[index] ?? 0) + multiplier * value;
    });
  }
  return hosts.map((host, index) => ({ host, weight: weights[index] ?? 0 })).sort((a, b) => b.weight - a.weight);
}
