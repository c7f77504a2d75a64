import type { Selection } from '@kilonova/compute-objects';
import type { PlacementClient } from '@kilonova/placement-client';
import { AppError, type Ctx } from '@kilonova/util';
import { type ClaimOwner, ConductorPlacement } from './placement.port.js';

/** Placement over HTTP. */
export class PlacementAdapter extends ConductorPlacement {
  constructor(private readonly client: PlacementClient) {
    super();
  }

  async claim(ctx: Ctx, owner: ClaimOwner, selection: Selection): Promise<boolean> {
    const { allocations, mappings } = selection.allocation_request;
    const result = await this.client.allocations.claim(ctx, {
      consumer: owner.instanceUuid,
      allocations,
      mappings,
      projectId: owner.projectId,
      userId: owner.userId,
      generation: null,
    });
    switch (result.outcome) {
      case 'claimed':
        return true;
      case 'no-capacity':
      case 'invalid':
        return false;
      case 'provider-conflict':
      case 'consumer-conflict':
        throw new AppError({
          kind: 'dependency',
          code: 'conductor.claim.conflict',
          message: result.detail,
          details: { instance: owner.instanceUuid },
        });
    }
  }

  release(ctx: Ctx, instanceUuid: string): Promise<void> {
    return this.client.allocations.release(ctx, instanceUuid);
  }

  consumersOf(ctx: Ctx, providerUuid: string): Promise<readonly string[]> {
    return this.client.consumersOf(ctx, providerUuid);
  }
}
