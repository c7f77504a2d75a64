import { ApiDatabase, InstanceMappingRepository } from '@kilonova/api-db';
import { type ImageErrand, ImageErrandRepository } from '@kilonova/cell-db';
import { type Cell, CellRegistry } from '@kilonova/cells';
import { ImageClient } from '@kilonova/image-client';
import { type Logger, logFields } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import type { Ctx } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { beyondRotation } from '../../model/backup-rotation.js';

/** Where the errands of a server are found. */
@Injectable()
export class ImageErrandStores {
  constructor(
    readonly mappings: InstanceMappingRepository,
    readonly errands: ImageErrandRepository,
  ) {}
}

/** Backups of one server and type that are looked at, at most. */
const BACKUPS = 1_000;

/**
 * Does what cells have noted about images of their servers: deletes images that were never filled or are used up, and backups
 * beyond the rotation. The rows of the server's own cell are the truth, a message only says that it is time to look; and an image
 * goes only when it says itself that it is of that server, so that a cell can end no images but those of its own servers. Each
 * errand is forgotten when it is done; safe to repeat.
 */
@Injectable()
export class TendImages {
  constructor(
    private readonly api: ApiDatabase,
    private readonly cells: CellRegistry,
    private readonly stores: ImageErrandStores,
    private readonly images: ImageClient,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {}

  /** @throws AppError `dependency` when the cell or the image service does not answer: to be tried again. */
  async run(ctx: Ctx, instanceUuid: string): Promise<void> {
    const cell = await this.#cellOf(instanceUuid);
    if (cell === undefined) return;
    const next = () => cell.run((sql) => this.stores.errands.ofInstance(sql, instanceUuid));
    for (let errands = await next(); errands.length > 0; errands = await next()) {
      for (const errand of errands) {
        await this.#do(this.#asSelf(ctx), instanceUuid, errand);
        await cell.run((sql) => this.stores.errands.done(sql, [errand.id]));
      }
    }
  }

  async #cellOf(instanceUuid: string): Promise<Cell | undefined> {
    const mapping = await this.stores.mappings.find(await this.api.sql(), instanceUuid);
    return mapping === undefined || mapping.cell_id === null ? undefined : this.cells.findById(mapping.cell_id);
  }

  /** With this service's rights, whoever asked in the beginning. */
  #asSelf({ principal: _caller, ...ctx }: Ctx): Ctx {
    return ctx;
  }

  async #do(ctx: Ctx, instanceUuid: string, errand: ImageErrand): Promise<void> {
    if (errand.image_id !== null) return this.#delete(ctx, instanceUuid, errand.image_id);
    const filters = { image_type: 'backup', instance_uuid: instanceUuid, backup_type: errand.backup_type };
    const backups = await this.images.asSelf().list(ctx, { filters, limit: BACKUPS });
    for (const { id } of beyondRotation(backups, errand.keep)) await this.#delete(ctx, instanceUuid, id);
  }

  async #delete(ctx: Ctx, instanceUuid: string, id: string): Promise<void> {
    const image = await this.images.getImage(ctx, id);
    if (image === undefined) return;
    const fields = { ...logFields(ctx), instance: instanceUuid, image: id };
    if (image.properties['instance_uuid'] !== instanceUuid)
      return this.log.warn(fields, 'a cell wants an image deleted that is of no server of its own: it stays');
    const outcome = await this.images.deleteImage(ctx, id);
    this.log.info(fields, outcome === 'refused' ? 'an image that nobody needs may not be deleted' : 'an image was deleted');
  }
}
