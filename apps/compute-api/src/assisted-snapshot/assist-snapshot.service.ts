import { BlockDeviceRepository, InstanceRepository } from '@kilonova/cell-db';
import { type Cell, CellRegistry } from '@kilonova/cells';
import type { ApiRequest } from '@kilonova/http';
import { AppError, invalid, isUuid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { AcceptAction } from '../server/core/accept-action.service.js';
import { refuseAction } from '../server/core/model/refuse-action.js';
import { whenIdle } from '../server/core/when-idle.js';

type SnapshotAction = 'createVolumeSnapshot' | 'deleteVolumeSnapshot';

interface Wanted {
  readonly volumeId: string;
  readonly snapshotId: string;
  readonly info: Readonly<Record<string, unknown>>;
}

/** Where servers and their disks are. */
@Injectable()
export class AssistedStores {
  constructor(
    readonly devices: BlockDeviceRepository,
    readonly instances: InstanceRepository,
  ) {}
}

/** Has the host of the server that has a volume make or remove a snapshot of it. Source of words: Nova, which answers 400 to all that the server does not allow. */
@Injectable()
export class AssistSnapshot {
  constructor(
    private readonly cells: CellRegistry,
    private readonly stores: AssistedStores,
    private readonly acceptAction: AcceptAction,
  ) {}

  /** @throws AppError 400 for a volume that no server has, or several, and a server that does not allow it; 503 when a cell that may have it does not answer */
  async run(request: ApiRequest<unknown>, action: SnapshotAction, wanted: Wanted): Promise<void> {
    const { cell, uuid } = await this.#serverOf(wanted.volumeId);
    const { volumeId, snapshotId: snapshot_id, info } = wanted;
    const args = { subject: { volume_id: volumeId }, snapshot_id, info };
    try {
      await whenIdle(uuid, async () => {
        const instance = await cell.run((sql) => this.stores.instances.find(sql, uuid));
        if (instance === undefined) throw noMapping(volumeId);
        refuseAction(action, { instance }, request.principal);
        return (await this.acceptAction.accept(request.ctx, { cell, instance }, action, args)) ? 'accepted' : undefined;
      });
    } catch (error) {
      throw error instanceof AppError && error.kind === 'conflict' ? invalid(error.code, error.message) : error;
    }
  }

  async #serverOf(volumeId: string): Promise<{ readonly cell: Cell; readonly uuid: string }> {
    if (!isUuid(volumeId)) throw noMapping(volumeId);
    const results = await this.cells.scatter((sql) => this.stores.devices.serversOf(sql, volumeId));
    const found = results.flatMap((result) =>
      result.outcome === 'value' ? result.value.map((uuid) => ({ cell: result.cell, uuid })) : [],
    );
    const [server, other] = found;
    if (other !== undefined) throw shared(volumeId);
    if (server !== undefined) return server;
    throw results.some(({ outcome }) => outcome !== 'value') ? unknown(volumeId) : noMapping(volumeId);
  }
}

const noMapping = (volumeId: string): AppError =>
  invalid('compute.volume.not_attached', `No volume Block Device Mapping with id ${volumeId}.`);
const shared = (volumeId: string): AppError =>
  invalid(
    'compute.volume.multiattach',
    `Block Device Mapping ${volumeId} is a multi-attach volume and is not valid for this operation.`,
  );
const unknown = (volumeId: string): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'compute.volume.cell_down',
    message: `Which server has volume ${volumeId} is not known now, as a cell does not answer; try again later.`,
  });
