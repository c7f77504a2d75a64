import type { HostVerdict, SchedulingTrace, Selection } from '@kilonova/compute-objects';
import type { HostsFound } from './hosts-found.js';
import { countRefusals } from './summarize-verdicts.js';
import type { WeighedInParts } from './weighers/index.js';

/** Hosts that are shown with their weights. */
export const BEST_SHOWN = 10;
/** Verdicts that leave the scheduler; counts are of all. */
const VERDICTS_SHOWN = 200;
/** Characters of a query that are kept. */
const QUERY_SHOWN = 2_000;

/** As many verdicts as are passed on, of every rule some. */
export function someOf(verdicts: readonly HostVerdict[]): readonly HostVerdict[] {
  if (verdicts.length <= VERDICTS_SHOWN) return verdicts;
  const each = Math.max(1, Math.floor(VERDICTS_SHOWN / new Set(verdicts.map(({ rule }) => rule)).size));
  const seen = new Map<string, number>();
  const kept = verdicts.filter(({ rule }) => {
    const count = (seen.get(rule) ?? 0) + 1;
    seen.set(rule, count);
    return count <= each;
  });
  return kept.slice(0, VERDICTS_SHOWN);
}

/** What a request came to, as it is kept. */
export interface Traced {
  readonly found: readonly HostsFound[];
  readonly verdicts: readonly HostVerdict[];
  readonly best: readonly WeighedInParts[];
  readonly instances: readonly string[];
  /** None for a request that found no host. */
  readonly selections: ReadonlyArray<readonly Selection[]>;
}

export const schedulingTrace = ({ found, verdicts, best, instances, selections }: Traced): SchedulingTrace => ({
  questions: found.map(({ query, offered, isCut }) => ({ query: query.slice(0, QUERY_SHOWN), offered, is_cut: isCut })),
  refused: countRefusals(verdicts),
  best: best.slice(0, BEST_SHOWN).map(({ host, weight, parts }) => ({ host: host.facts.host, weight, weights: parts })),
  placed: selections.flatMap(([selected, ...others], at) =>
    selected === undefined
      ? []
      : [
          {
            instance: instances[at] ?? '',
            host: selected.service_host,
            alternates: others.map((other) => other.service_host),
          },
        ],
  ),
});
