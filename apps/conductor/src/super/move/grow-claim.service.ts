import type { HostVerdict, Instance, PlacedArguments, Selection } from '@kilonova/compute-objects';
import { PlacementClient } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { contendedClaim } from '../../model/contended-claim.js';
import { isSizable, sizedAllocations } from '../../model/sized-allocations.js';

/** The server's own host, where it holds what its new flavor takes up; or why it does not. */
export type GrownClaim =
  | { readonly outcome: 'grown'; readonly selection: Selection }
  | { readonly outcome: 'refused'; readonly verdict: HostVerdict };

/** Has a server hold on its own host what another flavor takes up. Safe to repeat: amounts are set, not added. */
@Injectable()
export class GrowClaim {
  constructor(private readonly placement: PlacementClient) {}

  /** @throws AppError `dependency` when placement does not answer, or other writers kept getting in between */
  async run(ctx: Ctx, instance: Instance, { flavor }: PlacedArguments, cellUuid: string): Promise<GrownClaim> {
    const { allocations } = await this.placement.allocationsOf(ctx, instance.uuid);
    if (!isSizable(allocations)) return refused(instance, 'what it holds is spread, and cannot be told apart');
    const wanted = flavor ?? instance.flavor;
    const claimed = await this.placement.change(ctx, instance.uuid, (held) => sizedAllocations(held, wanted, instance));
    switch (claimed.outcome) {
      case 'no-capacity':
      case 'invalid':
        return refused(instance, claimed.reason);
      case 'claimed':
        return { outcome: 'grown', selection: ownHost(instance, cellUuid) };
      default:
        throw contendedClaim(instance.uuid);
    }
  }
}

const refused = ({ host, compute_node_uuid }: Instance, reason: string): GrownClaim => ({
  outcome: 'refused',
  verdict: { host, provider_uuid: compute_node_uuid, stage: 'claim', rule: 'claim', reason },
});

const ownHost = ({ host, node, compute_node_uuid }: Instance, cellUuid: string): Selection => ({
  compute_node_uuid: compute_node_uuid ?? '',
  service_host: host ?? '',
  nodename: node ?? '',
  cell_uuid: cellUuid,
  availability_zone: null,
  allocation_request: { allocations: {} },
  allocation_request_version: '1.36',
});
