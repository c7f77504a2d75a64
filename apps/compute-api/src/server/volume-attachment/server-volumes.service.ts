import { BlockDeviceRepository, InstanceActionRepository } from '@kilonova/cell-db';
import { type BlockDevice, isVolume, type VolumeArguments } from '@kilonova/compute-objects';
import type { ApiRequest } from '@kilonova/http';
import { type Sql, transaction } from '@kilonova/sql';
import { conflict, forbidden } from '@kilonova/util';
import { type Volume, VolumeService } from '@kilonova/volume-client';
import { Injectable } from '@nestjs/common';
import { Since } from '../../common/model/microversion.js';
import { requesterOf } from '../block-device/requester.js';
import { volumeNotFound } from '../block-device/volume-not-found.js';
import { AcceptAction } from '../core/accept-action.service.js';
import { refuseAction } from '../core/model/refuse-action.js';
import { newAction } from '../core/new-action.js';
import { serverId } from '../core/server-id.js';
import { type Caller, type ServerInCell, ServerLocator } from '../core/server-locator.service.js';
import { whenIdle } from '../core/when-idle.js';

export type VolumeAction = 'attachVolume' | 'detachVolume' | 'swapVolume';
export type AttachedVolume = BlockDevice & { readonly volume_id: string };

/** Disks of one server. */
const VOLUMES = 256;
const VERBS = { attachVolume: 'attach_volume', detachVolume: 'detach_volume', swapVolume: 'swap_volume' } as const;

/** The disk of a server that is this volume. */
export const attachedVolume = ({ devices }: Pick<ServerInCell, 'devices'>, volumeId: string): AttachedVolume | undefined =>
  devices.find((device): device is AttachedVolume => isVolume(device) && device.volume_id === volumeId);

/** @throws AppError 403 */
function withRoom(server: ServerInCell): ServerInCell {
  if (server.devices.length < VOLUMES) return server;
  throw forbidden(
    'compute.volume.too_many',
    `The maximum allowed number of disk devices (${VOLUMES}) to attach to a single instance has been exceeded.`,
  );
}

/** What all that is done with volumes of servers stands on. */
@Injectable()
export class ServerVolumes {
  readonly devices = new BlockDeviceRepository();
  readonly #actions = new InstanceActionRepository();

  constructor(
    private readonly locator: ServerLocator,
    private readonly acceptAction: AcceptAction,
    readonly service: VolumeService,
  ) {}

  /** The server, when the action table has nothing against the action. @throws AppError 403, 404, 409, 503 */
  async allowed(request: ApiRequest<unknown>, action: VolumeAction, caller: Caller = request): Promise<ServerInCell> {
    const found = await this.locator.reach(caller, serverId(request));
    const { vm_state: state } = found.instance;
    const early = request.version < Since.volumesOfShelved && (state === 'shelved' || state === 'shelved_offloaded');
    if (!early) refuseAction(action, found, request.principal);
    if (!early && found.where === 'cell') return action === 'attachVolume' ? withRoom(found) : found;
    throw conflict(
      'compute.server.state',
      `Cannot '${VERBS[action]}' instance ${found.entry.uuid} while it is in vm_state ${state}`,
    );
  }

  /** As the caller sees it. @throws AppError 404 */
  async volume(request: ApiRequest<unknown>, id: string): Promise<Volume> {
    const volume = await this.find(request, id);
    if (volume === undefined) throw volumeNotFound(id);
    return volume;
  }

  async find(request: ApiRequest<unknown>, id: string): Promise<Volume | undefined> {
    return this.service.isThere ? this.service.find(request.ctx, requesterOf(request), id) : undefined;
  }

  /**
   * Has the server's agent do it, as soon as the server is idle; done at once, and recorded, where it is on no host.
   * @param change of the server's disks, made in the same transaction
   * @returns `here` when there is no agent: the rest is the caller's
   * @throws AppError 409 when the server is busy for longer, or does not allow it any more
   */
  begin(
    request: ApiRequest<unknown>,
    action: VolumeAction,
    args: VolumeArguments,
    { change, caller = request }: { readonly change?: (sql: Sql) => Promise<void>; readonly caller?: Caller },
  ): Promise<'agent' | 'here'> {
    return whenIdle(serverId(request), async () => {
      const found = await this.allowed(request, action, caller);
      if (found.instance.host === null) {
        await this.#record(request, found, action, change);
        return 'here';
      }
      return (await this.acceptAction.accept(request.ctx, found, action, args, change)) ? 'agent' : undefined;
    });
  }

  async #record(
    { ctx }: ApiRequest<unknown>,
    { cell, instance }: ServerInCell,
    action: VolumeAction,
    change?: (sql: Sql) => Promise<void>,
  ): Promise<void> {
    await cell.run((source) =>
      transaction(source, async (sql) => {
        await this.#actions.record(sql, newAction(ctx, VERBS[action], instance.uuid));
        await change?.(sql);
      }),
    );
  }
}
