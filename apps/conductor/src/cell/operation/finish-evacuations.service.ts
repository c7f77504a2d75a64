import { type EvacuatedServer, GuestDeviceRepository, MigrationRepository } from '@kilonova/cell-db';
import type { FinishEvacuations as Args } from '@kilonova/compute-objects';
import { PlacementClient } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { contendedClaim } from '../../model/contended-claim.js';

/**
 * A host that came back has removed what was left of servers that are elsewhere now: what they held of it is given back,
 * and their evacuations are over. A run that was interrupted is repeated whole at the host's next start.
 */
@Injectable()
export class FinishEvacuations {
  constructor(
    private readonly sql: DataSource,
    private readonly migrations: MigrationRepository,
    private readonly placement: PlacementClient,
    private readonly devices: GuestDeviceRepository,
  ) {}

  /** @throws AppError `dependency` when placement does not answer, or other writers kept getting in between */
  async run(ctx: Ctx, { host, migrations }: Args): Promise<{ completed: number }> {
    const asked = new Set(migrations);
    const evacuated = (await this.migrations.evacuatedFrom(this.sql, host)).filter((one) => asked.has(one.migration_uuid));
    const trees = new Map<string, ReadonlySet<string>>();
    let completed = 0;
    for (const one of evacuated) {
      const node = one.source_node_uuid;
      if (node !== null) {
        const tree = trees.get(node) ?? (await this.#tree(ctx, node));
        trees.set(node, tree);
        await this.#giveBack(ctx, one, host, tree);
      }
      if (await this.migrations.advance(this.sql, one.migration_uuid, 'done', 'completed')) completed += 1;
    }
    return { completed };
  }

  /** All that the server holds of the lost host, unless that is all it has: then it came back to it. */
  async #giveBack(ctx: Ctx, { instance_uuid }: EvacuatedServer, host: string, tree: ReadonlySet<string>): Promise<void> {
    const { allocations } = await this.placement.allocationsOf(ctx, instance_uuid);
    const left = Object.entries(allocations).filter(([provider]) => tree.has(provider));
    if (left.length === 0 || left.length === Object.keys(allocations).length) return;
    await this.devices.releaseOn(this.sql, instance_uuid, host);
    const outcome = await this.placement.giveBack(ctx, instance_uuid, Object.fromEntries(left));
    if (outcome === 'contended') throw contendedClaim(instance_uuid);
  }

  async #tree(ctx: Ctx, node: string): Promise<ReadonlySet<string>> {
    return new Set([node, ...(await this.placement.tree(ctx, node)).map((provider) => provider.uuid)]);
  }
}
