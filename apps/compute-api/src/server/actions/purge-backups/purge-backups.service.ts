import { ImageErrandRepository, InstanceActionRepository } from '@kilonova/cell-db';
import { CellRelays } from '@kilonova/cells';
import type { ApiRequest } from '@kilonova/http';
import { ImageClient } from '@kilonova/image-client';
import { transaction } from '@kilonova/sql';
import { Injectable } from '@nestjs/common';
import { refuseAction } from '../../core/model/refuse-action.js';
import { newAction } from '../../core/new-action.js';
import { ServerLocator } from '../../core/server-locator.service.js';

/** Backups that go with one request; what is more is left to the next. */
const BACKUPS = 1_000;

/**
 * Deletes the backups of a server that its caller sees at the time of the request, of one type or of all: which they are is noted in
 * the server's cell, and the super conductor deletes them, as with those beyond the rotation.
 */
@Injectable()
export class PurgeBackups {
  constructor(
    private readonly locator: ServerLocator,
    private readonly images: ImageClient,
    private readonly relays: CellRelays,
    private readonly actions: InstanceActionRepository,
    private readonly errands: ImageErrandRepository,
  ) {}

  /** @throws AppError 404, 503 when its cell is down, and what the image service says to its caller */
  async run(request: ApiRequest<unknown>, id: string, backupType: string | undefined): Promise<void> {
    const { ctx, principal, token } = request;
    const found = await this.locator.reach(request, id);
    refuseAction('purgeBackups', found, principal);
    // Without a cell it has never run: there is nothing that a backup could have been made of.
    if (found.where !== 'cell') return;
    const { uuid } = found.instance;
    const filters: Record<string, string> = { image_type: 'backup', instance_uuid: uuid };
    if (backupType !== undefined) filters['backup_type'] = backupType;
    const backups = await this.images.asCaller(token).list(ctx, { filters, limit: BACKUPS });
    await found.cell.run((source) =>
      transaction(source, async (sql) => {
        await this.actions.record(sql, newAction(ctx, 'purgeBackups', uuid));
        await this.errands.note(
          sql,
          ctx,
          uuid,
          backups.map((image) => image.id),
        );
      }),
    );
    this.relays.wake(found.cell, 'api');
  }
}
