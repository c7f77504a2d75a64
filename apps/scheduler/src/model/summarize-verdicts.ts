import type { HostVerdict } from '@kilonova/compute-objects';

/** `ComputeFilter: 3, claim: 1`: how many hosts each rule refused, most first; for the operator's log line. */
export function summarizeVerdicts(verdicts: readonly HostVerdict[]): string {
  const counts = new Map<string, number>();
  for (const { rule } of verdicts) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([rule, count]) => `${rule}: ${count}`)
    .join(', ');
}
