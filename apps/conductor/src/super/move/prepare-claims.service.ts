import type { Placing } from '@kilonova/cell-db';
import { operationRule } from '@kilonova/compute-objects';
import { PlacementClient } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { contendedClaim } from '../../model/contended-claim.js';

/**
 * Brings what a server holds in placement to where a claim for its operation can be made, whatever an earlier run of the
 * same search had got to: in mode `move` the migration holds the source and the server nothing, in mode `add` the server
 * holds its source alone. In mode `build` the scheduler adopts what an earlier run claimed.
 */
@Injectable()
export class PrepareClaims {
  constructor(private readonly placement: PlacementClient) {}

  /** @throws AppError `dependency` when placement does not answer, or other writers kept getting in between */
  async run(ctx: Ctx, { operation, instance, migration }: Placing): Promise<void> {
    const mode = operationRule(operation.name).placed?.claim;
    if (migration === null || mode === undefined || mode === 'build' || mode === 'check' || mode === 'grow') return;
    if (mode === 'add') return this.#keepSource(ctx, instance.uuid, migration.source_node_uuid);
    const { outcome } = await this.placement.moveTo(ctx, instance.uuid, migration.uuid);
    if (outcome === 'contended') throw contendedClaim(instance.uuid);
    // The migration had it already: what the server holds is the claim of a run that was interrupted.
    if (outcome === 'already-moved') await this.placement.release(ctx, instance.uuid);
  }

  async #keepSource(ctx: Ctx, instanceUuid: string, sourceNode: string | null): Promise<void> {
    if (sourceNode === null) return;
    const { allocations } = await this.placement.allocationsOf(ctx, instanceUuid);
    if (!(sourceNode in allocations) || Object.keys(allocations).length === 1) return;
    const source = new Set((await this.placement.tree(ctx, sourceNode)).map((provider) => provider.uuid));
    const others = Object.entries(allocations).filter(([provider]) => !source.has(provider));
    if ((await this.placement.giveBack(ctx, instanceUuid, Object.fromEntries(others))) === 'contended')
      throw contendedClaim(instanceUuid);
  }
}
