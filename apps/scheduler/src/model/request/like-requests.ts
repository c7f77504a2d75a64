import type { RequestSpec } from '@kilonova/compute-objects';
import type { HostFilter, SchedulingFacts } from '../filters/index.js';

/**
 * What two requests must have in common to share hosts and ranking: the question to placement, and whatever the filters
 * look at. Who asks does not count unless a filter looks at it; nor does the server group, which ranks for itself.
 */
export function likeness(
  query: string,
  spec: RequestSpec,
  facts: SchedulingFacts,
  filters: readonly HostFilter[],
  ignoredCells: readonly string[],
): string {
  const { flavor, image, availability_zone, requested_destination } = spec;
  const { group: _, ...hints } = spec.scheduler_hints;
  return JSON.stringify([
    query,
    flavor.flavorid,
    flavor.name,
    flavor.extra_specs,
    image && [image.id, image.properties],
    availability_zone,
    hints,
    facts.hintHosts,
    [requested_destination, spec.force_hosts, spec.force_nodes, spec.ignore_hosts, ignoredCells],
    filters.some((filter) => filter.readsProject === true) ? spec.project_id : null,
    spec.is_bfv,
  ]);
}
