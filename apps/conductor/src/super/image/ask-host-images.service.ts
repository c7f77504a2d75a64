import { ApiDatabase, type HostMapping, HostMappingRepository } from '@kilonova/api-db';
import { ServiceRepository } from '@kilonova/cell-db';
import { type Cell, CellRegistry } from '@kilonova/cells';
import { messages } from '@kilonova/compute-objects';
import { Config } from '@kilonova/config';
import { type Logger, logFields } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import type { Ctx } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { conductorSection, sweeperSection } from '../../config.js';
import type { HostImages } from '../../model/image-caching.js';

/** Asks agents to fetch images. */
@Injectable()
export class AskHostImages {
  readonly #timeoutMs: number;
  readonly #downMs: number;

  constructor(
    private readonly api: ApiDatabase,
    private readonly cells: CellRegistry,
    private readonly mappings: HostMappingRepository,
    private readonly services: ServiceRepository,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info' | 'warn'>,
    config: Config,
  ) {
    this.#timeoutMs = config.get(conductorSection).imageCacheTimeoutSeconds * 1000;
    this.#downMs = config.get(sweeperSection).serviceDownTimeSeconds * 1000;
  }

  /** The cells of those hosts whose agents are up: one question a cell. A cell that does not answer has none. */
  async up(ctx: Ctx, hosts: readonly string[]): Promise<ReadonlyMap<string, Cell>> {
    const byCell = Map.groupBy(await this.mappings.findMany(await this.api.sql(), hosts), ({ cell_uuid }) => cell_uuid);
    const found = await Promise.all([...byCell].map(([cell, mapped]) => this.#upIn(ctx, cell, mapped)));
    return new Map(found.flat());
  }

  /** @param cell left out: the host is not up. What an agent does not answer counts as failed. */
  async ask(ctx: Ctx, cell: Cell | undefined, host: string, imageIds: readonly string[]): Promise<HostImages> {
    const fields = { ...logFields(ctx), host };
    if (cell === undefined) {
      this.log.info(fields, 'a host is not up: it fetches no images beforehand');
      return 'skipped';
    }
    const args = { host, image_ids: imageIds };
    const limits = { timeoutMs: this.#timeoutMs };
    return cell.bus.call(ctx, messages.cacheImagesOnHost, { topic: 'compute', host }, args, limits).catch((err: unknown) => {
      this.log.warn({ ...fields, err }, 'a host was asked for images in vain');
      return Object.fromEntries(imageIds.map((id) => [id, 'error' as const]));
    });
  }

  async #upIn(ctx: Ctx, uuid: string, mapped: readonly HostMapping[]): Promise<Array<readonly [string, Cell]>> {
    const cell = await this.cells.find(uuid);
    if (cell === undefined) return [];
    const hosts = mapped.map(({ host }) => host);
    try {
      const up = await cell.run((sql) => this.services.upAmong(sql, hosts, this.#downMs));
      return up.map((host) => [host, cell] as const);
    } catch (err) {
      this.log.warn({ ...logFields(ctx), err, cell: cell.name }, 'a cell does not say which of its hosts are up');
      return [];
    }
  }
}
