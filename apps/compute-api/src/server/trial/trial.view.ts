import type { SelectDestinationsResult, Selection } from '@kilonova/compute-objects';

/** Tenants read how many hosts each rule refused; who may know hosts reads which would be taken, their weights, and why others were not. */
export function trialView(result: SelectDestinationsResult, mayKnowHosts: boolean): Record<string, unknown> {
  const { outcome, trace, verdicts = [] } = result;
  const selections = result.outcome === 'selected' ? result.selections : [];
  return {
    outcome,
    reason: result.outcome === 'selected' ? '' : result.reason,
    servers: selections.length,
    offered: trace?.questions.at(-1)?.offered ?? 0,
    refused: trace?.refused ?? [],
    ...(mayKnowHosts ? { hosts: selections.map(placeOf), best: trace?.best ?? [], verdicts } : {}),
  };
}

/** Of one server. */
const placeOf = ([selected, ...others]: readonly Selection[]): Record<string, unknown> => ({
  host: selected?.service_host ?? null,
  availability_zone: selected?.availability_zone ?? null,
  alternates: others.map((other) => other.service_host),
});
