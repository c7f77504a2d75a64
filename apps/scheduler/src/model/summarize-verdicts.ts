import type { HostVerdict, RefusalCount } from '@kilonova/compute-objects';

/** How many hosts each rule refused, most first. */
export function countRefusals(verdicts: readonly HostVerdict[]): readonly RefusalCount[] {
  const counts = new Map<string, { -readonly [K in keyof RefusalCount]: RefusalCount[K] }>();
  for (const { stage, rule } of verdicts) {
    const count = counts.get(`${stage} ${rule}`);
    if (count === undefined) counts.set(`${stage} ${rule}`, { stage, rule, hosts: 1 });
    else count.hosts++;
  }
  return [...counts.values()].sort((a, b) => b.hosts - a.hosts);
}

/** `ComputeFilter: 3, claim: 1`: for the operator's log line. */
export const summarizeRefusals = (refused: readonly RefusalCount[]): string =>
  refused.map(({ rule, hosts }) => `${rule}: ${hosts}`).join(', ');
