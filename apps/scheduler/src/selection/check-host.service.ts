import type { SelectDestinations as Args, SelectDestinationsResult, Selection } from '@kilonova/compute-objects';
import { type Allocations, CLAIM_VERSION, type PlacementClient } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import { imageTraitFault } from '../model/image-traits.js';
import { toSelection } from '../model/placing-run.js';
import { preFiltered } from '../model/refusals.js';
import type { FindHosts, Situation } from './find-hosts.service.js';

/** Rules that look at the image: the others were met when the server came, and are not asked again. Source: Nova's filters that run on rebuild. */
const OF_THE_IMAGE: ReadonlySet<string> = new Set([
  'ImagePropertiesFilter',
  'AggregateImagePropertiesIsolation',
  'IsolatedHostsFilter',
]);

/** Judges the host that an instance is on by a new image: nothing is claimed, what the instance holds stays. */
export class CheckHost {
  constructor(
    private readonly placement: PlacementClient,
    private readonly find: FindHosts,
  ) {}

  /** @throws AppError `dependency` when placement does not answer */
  async run(ctx: Ctx, { instance_uuids: [uuid = ''] }: Args, situation: Situation): Promise<SelectDestinationsResult> {
    const { allocations } = await this.placement.allocationsOf(ctx, uuid);
    const fault = imageTraitFault(situation.spec, await this.#traitsOf(ctx, allocations));
    if (fault !== undefined) return { outcome: 'no-valid-host', reason: fault, verdicts: [preFiltered('image traits', fault)] };
    const filters = situation.rules.filters.filter(({ name }) => OF_THE_IMAGE.has(name));
    const { ranking, reason, verdicts } = await this.find.held(
      ctx,
      { ...situation, rules: { ...situation.rules, filters } },
      allocations,
    );
    const [best] = ranking.best();
    const selection: readonly Selection[] = best === undefined ? [] : [toSelection(best.host, CLAIM_VERSION) ?? []].flat();
    return selection.length === 0
      ? { outcome: 'no-valid-host', reason, verdicts }
      : { outcome: 'selected', selections: [selection] };
  }

  /** Of the providers that the instance uses. */
  async #traitsOf(ctx: Ctx, allocations: Allocations): Promise<ReadonlySet<string>> {
    const [first] = Object.keys(allocations);
    const tree = first === undefined ? [] : await this.placement.tree(ctx, first);
    return new Set(tree.filter(({ uuid }) => uuid in allocations).flatMap(({ traits }) => [...traits]));
  }
}
