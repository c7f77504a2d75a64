import type { CapacityCount, RequestSpec } from '@kilonova/compute-objects';
import type { PlacementClient } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import type { HostsFound } from '../model/hosts-found.js';
import { noCandidates } from '../model/refusals.js';
import { countRefusals } from '../model/summarize-verdicts.js';
import type { SchedulingWorld } from '../world/world.port.js';
import { FindHosts, type NetworkFacts } from './find-hosts.service.js';
import type { SchedulingOptions } from './scheduling-options.js';

/** Hosts that are listed. */
const LISTED = 1_000;

/** How many more servers of a kind fit, and where: counted by placement, less the hosts that the rules of scheduling refuse. */
export class CountCapacity {
  readonly #find: FindHosts;

  constructor(
    private readonly placement: PlacementClient,
    world: SchedulingWorld,
    options: SchedulingOptions,
    networks: NetworkFacts,
    now: () => Date = () => new Date(),
  ) {
    this.#find = new FindHosts(placement, world, options, networks, now);
  }

  async run(ctx: Ctx, spec: RequestSpec): Promise<CapacityCount> {
    const situation = await this.#find.situation(ctx, spec);
    const asked = await this.#find.query(ctx, situation);
    if ('ranking' in asked) return nothing(asked.reason, asked);
    const answer = await this.placement.capacity(ctx, asked.query);
    if (answer.outcome === 'refused')
      return { total: 0, is_complete: true, hosts: [], refused: [], reason: noCandidates(spec, answer.reason).reason };
    const { roots, isComplete } = answer.capacity;
    const found = await this.#find.allowed(ctx, situation, Object.keys(roots));
    const hosts = [...found.ranking.best()]
      .map(({ host: { facts, availabilityZone } }) => ({
        host: facts.host,
        cell_uuid: facts.cellUuid,
        availability_zone: availabilityZone,
        count: roots[facts.computeNodeUuid] ?? 0,
      }))
      .sort((a, b) => b.count - a.count || a.host.localeCompare(b.host));
    return {
      total: hosts.reduce((sum, { count }) => sum + count, 0),
      is_complete: isComplete && found.silent.length === 0,
      hosts: hosts.slice(0, LISTED),
      refused: countRefusals(found.verdicts.filter(({ host }) => host !== null)),
      reason: '',
    };
  }
}

const nothing = (reason: string, found: HostsFound): CapacityCount => ({
  total: 0,
  is_complete: found.silent.length === 0,
  hosts: [],
  refused: [],
  reason,
});
