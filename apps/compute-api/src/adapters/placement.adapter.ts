import type { PlacementClient } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import { Placement } from '../ports/placement.port.js';

/** The placement service. */
export class PlacementService extends Placement {
  constructor(private readonly client: PlacementClient) {
    super();
  }

  release(ctx: Ctx, instanceUuid: string): Promise<void> {
    return this.client.allocations.release(ctx, instanceUuid);
  }

  setAggregate(ctx: Ctx, providerUuid: string, aggregateUuid: string, isMember: boolean): Promise<boolean> {
    return this.client.trees.setAggregate(ctx, providerUuid, aggregateUuid, isMember);
  }

  removeProvider(ctx: Ctx, providerUuid: string): Promise<boolean> {
    return this.client.trees.remove(ctx, providerUuid);
  }
}
