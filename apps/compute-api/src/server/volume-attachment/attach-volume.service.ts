import { randomUUID } from 'node:crypto';
import type { ApiRequest } from '@kilonova/http';
import { type AppError, type Ctx, invalid } from '@kilonova/util';
import type { Volume } from '@kilonova/volume-client';
import { Injectable } from '@nestjs/common';
import { isTrue } from '../../common/values.js';
import { checkSharing, refusedVolume } from '../block-device/model/volume-checks.js';
import { volumeNotFound } from '../block-device/volume-not-found.js';
import type { ServerInCell } from '../core/server-locator.service.js';
import { deviceNameFor } from './model/device-name.js';
import { type AttachedVolume, attachedVolume, ServerVolumes } from './server-volumes.service.js';

/** The body of a request for an attachment. */
export interface AttachBody {
  readonly volumeAttachment: {
    readonly volumeId: string;
    readonly device?: string | null;
    readonly tag?: string;
    readonly delete_on_termination?: boolean | string;
  };
}

const bad = (reason: string, message: string): AppError => invalid(`compute.volume.${reason}`, message);

/**
 * Attaches a volume to a server: reserved with the volume service, then stored with the server and told to its agent in one
 * transaction. Of requests for the same volume at the same time one succeeds. A failure gives the reservation back.
 */
@Injectable()
export class AttachVolume {
  constructor(private readonly servers: ServerVolumes) {}

  /** @throws AppError 400, 403, 404, 409; `dependency` */
  async run(request: ApiRequest<AttachBody>): Promise<AttachedVolume> {
    const { volumeId } = request.body.volumeAttachment;
    const server = await this.servers.allowed(request, 'attachVolume');
    const volume = await this.servers.volume(request, volumeId);
    checkSharing(volume, request.version);
    checkShelved(server, volume, request.body);
    if (attachedVolume(server, volumeId) !== undefined) throw alreadyAttached(volumeId);
    const device = newDevice(server, volume, request.body);
    const { uuid: serverUuid } = server.instance;
    const reserved = await this.servers.service.reserve(request.ctx, volumeId, serverUuid);
    if (reserved.outcome === 'refused')
      throw reserved.reason === 'not-found' ? volumeNotFound(volumeId) : refusedVolume(reserved);
    const { attachmentId } = reserved;
    try {
      return await this.#store(request, serverUuid, { ...device, attachment_id: attachmentId });
    } catch (error) {
      await this.#giveBack(request.ctx, attachmentId);
      throw error;
    }
  }

  async #store(request: ApiRequest<AttachBody>, serverUuid: string, device: AttachedVolume): Promise<AttachedVolume> {
    const args = { subject: { volume_id: device.volume_id }, block_device: device.uuid };
    await this.servers.begin(request, 'attachVolume', args, {
      change: async (sql) => {
        if ((await this.servers.devices.add(sql, serverUuid, device)) === 'exists') throw alreadyAttached(device.volume_id);
      },
    });
    return device;
  }

  /** The request has failed already: what fails now is not told in its place. */
  async #giveBack(ctx: Ctx, attachmentId: string): Promise<void> {
    await this.servers.service.release(ctx, attachmentId).catch(() => undefined);
  }
}

const alreadyAttached = (id: string): AppError => bad('attached', `Invalid volume: volume ${id} already attached`);

/** What no agent can promise for a server without a host. @throws AppError 400 */
function checkShelved({ instance }: ServerInCell, volume: Volume, { volumeAttachment }: AttachBody): void {
  if (instance.host !== null) return;
  if (volume.multiattach)
    throw bad('multiattach_shelved', 'Attaching multiattach volumes is not supported for shelved-offloaded instances.');
  if (volumeAttachment.tag !== undefined)
    throw bad('tag_shelved', 'Tagged volume attachment is not supported for shelved-offloaded instances.');
}

/** @throws AppError 400 for a device name that cannot be had */
const newDevice = ({ devices }: ServerInCell, volume: Volume, { volumeAttachment: wanted }: AttachBody): AttachedVolume => ({
  uuid: randomUUID(),
  source_type: 'volume',
  destination_type: 'volume',
  boot_index: null,
  device_name: deviceNameFor(
    wanted.device ?? null,
    devices.map(({ device_name }) => device_name),
  ),
  device_type: null,
  disk_bus: null,
  guest_format: null,
  delete_on_termination: isTrue(wanted.delete_on_termination),
  volume_id: volume.id,
  snapshot_id: null,
  image_id: null,
  volume_size: volume.size,
  volume_type: null,
  tag: wanted.tag ?? null,
  attachment_id: null,
});
