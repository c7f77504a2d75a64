import { AggregateRepository, ApiDatabase, HostMappingRepository } from '@kilonova/api-db';
import { ComputeNodeRepository, ServiceRepository } from '@kilonova/cell-db';
import { NotificationEmitter, serviceChanged } from '@kilonova/notifications';
import { PlacementClient } from '@kilonova/placement-client';
import { type Ctx, conflict } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { HostContentRepository } from '../host-directory/host-content.repository.js';
import type { LocatedService } from '../host-directory/host-directory.service.js';
import { COMPUTE_BINARY } from '../host-directory/model/service-state.js';

/**
 * Forgets a service for good. With a compute service go its place in aggregates, its nodes with their providers, and
 * the host's mapping; each step can be run again, and the service's own row goes last.
 */
@Injectable()
export class ServiceRemoval {
  readonly #services = new ServiceRepository();
  readonly #nodes = new ComputeNodeRepository();
  readonly #content = new HostContentRepository();

  constructor(
    private readonly database: ApiDatabase,
    private readonly aggregates: AggregateRepository,
    private readonly mappings: HostMappingRepository,
    private readonly placement: PlacementClient,
    private readonly emitter: NotificationEmitter,
  ) {}

  /** @throws AppError 409 while servers are on the host, or placement knows of some. */
  async remove(ctx: Ctx, target: LocatedService): Promise<void> {
    const { cell, service } = target;
    if (cell !== undefined && service.binary === COMPUTE_BINARY) await this.#emptyHost(ctx, target, service.host);
    if (cell === undefined) await this.#services.remove(await this.database.sql(), service.uuid);
    else await cell.run((sql) => this.#services.remove(sql, service.uuid));
    await serviceChanged(this.emitter, ctx, 'delete', service);
  }

  async #emptyHost(ctx: Ctx, { cell }: LocatedService, host: string): Promise<void> {
    if (cell === undefined) return;
    if ((await cell.run((sql) => this.#content.serversOn(sql, [host]))).length > 0) {
      throw conflict(
        'compute.service.in_use',
        'Unable to delete compute service that is hosting instances. Migrate or delete the instances first.',
      );
    }
    if (await cell.run((sql) => this.#content.hasMoves(sql, host))) {
      throw conflict(
        'compute.service.in_use',
        'Unable to delete compute service that has in-progress migrations. Complete the migrations or delete the instances first.',
      );
    }
    const nodes = (await cell.run((sql) => this.#nodes.list(sql))).filter((node) => node.host === host);
    for (const node of nodes) await this.#removeProvider(ctx, node.uuid, host);
    const sql = await this.database.sql();
    await this.aggregates.removeHostEverywhere(sql, host);
    await cell.run((cellSql) => this.#nodes.removeHost(cellSql, host));
    await this.mappings.remove(sql, host);
  }

  async #removeProvider(ctx: Ctx, uuid: string, host: string): Promise<void> {
    if (await this.placement.removeProvider(ctx, uuid)) return;
    throw conflict(
      'compute.service.has_allocations',
      `Unable to delete compute service: the provider of host ${host} still has allocations.`,
    );
  }
}
