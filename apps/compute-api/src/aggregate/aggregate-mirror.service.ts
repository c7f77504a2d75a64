import { ApiDatabase, HostMappingRepository } from '@kilonova/api-db';
import { ComputeNodeRepository } from '@kilonova/cell-db';
import { CellRegistry } from '@kilonova/cells';
import type { Logger } from '@kilonova/observability';
import { PlacementClient } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '../common/tokens.js';

/** Keeps placement's aggregates what ours are: the provider of each node of a host is in those of its host. */
@Injectable()
export class AggregateMirror {
  readonly #nodes = new ComputeNodeRepository();

  constructor(
    private readonly database: ApiDatabase,
    private readonly mappings: HostMappingRepository,
    private readonly cells: CellRegistry,
    private readonly placement: PlacementClient,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async isMapped(host: string): Promise<boolean> {
    return (await this.mappings.find(await this.database.sql(), host)) !== undefined;
  }

  /** A failure is logged: the host is in the aggregate, and placement is told again later. @returns whether it knows */
  async add(ctx: Ctx, aggregateUuid: string, host: string): Promise<boolean> {
    try {
      await this.#set(ctx, aggregateUuid, host, true);
      return true;
    } catch (error) {
      this.logger.warn(
        { err: error, host, aggregate: aggregateUuid },
        'placement does not know yet that the host is in the aggregate',
      );
      return false;
    }
  }

  /** @throws AppError `dependency` when placement cannot be told: then the host has to stay in the aggregate. */
  async remove(ctx: Ctx, aggregateUuid: string, host: string): Promise<void> {
    await this.#set(ctx, aggregateUuid, host, false);
  }

  async #set(ctx: Ctx, aggregateUuid: string, host: string, isMember: boolean): Promise<void> {
    const mapping = await this.mappings.find(await this.database.sql(), host);
    const cell = mapping && (await this.cells.find(mapping.cell_uuid));
    const nodes = (await cell?.run((sql) => this.#nodes.list(sql))) ?? [];
    for (const node of nodes.filter((each) => each.host === host))
      await this.placement.setAggregate(ctx, node.uuid, aggregateUuid, isMember);
  }
}
