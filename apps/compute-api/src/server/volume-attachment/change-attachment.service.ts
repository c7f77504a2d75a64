import type { ApiRequest } from '@kilonova/http';
import { AppError, type Ctx, conflict, invalid, notFound } from '@kilonova/util';
import type { Volume } from '@kilonova/volume-client';
import { Injectable } from '@nestjs/common';
import { Since } from '../../common/model/microversion.js';
import { isTrue } from '../../common/values.js';
import { refusedVolume } from '../block-device/model/volume-checks.js';
import { volumeNotFound } from '../block-device/volume-not-found.js';
import { serverId } from '../core/server-id.js';
import { type Caller, ServerLocator } from '../core/server-locator.service.js';
import { type AttachedVolume, attachedVolume, ServerVolumes } from './server-volumes.service.js';

/** The body of a change. */
export interface ChangeBody {
  readonly volumeAttachment: {
    readonly volumeId: string;
    readonly device?: string | null;
    readonly tag?: string;
    readonly delete_on_termination?: boolean | string;
    readonly serverId?: string;
    readonly id?: string;
  };
}

/** The rule for those who move volumes between backends. */
const SWAP = 'os_compute_api:os-volumes-attachments:swap';

const bad = (reason: string, message: string): AppError => invalid(`compute.attachment.${reason}`, message);

/** Changes an attachment: the same volume stays or goes with its server (2.85), or another takes its place. */
@Injectable()
export class ChangeAttachment {
  constructor(
    private readonly servers: ServerVolumes,
    private readonly locator: ServerLocator,
  ) {}

  /** @throws AppError 400, 403, 404, 409; `dependency` */
  async run(request: ApiRequest<ChangeBody>, volumeId: string): Promise<void> {
    const { volumeId: wanted } = request.body.volumeAttachment;
    if (request.version < Since.attachmentChanges || wanted !== volumeId) return this.#swap(request, volumeId, wanted);
    const server = await this.locator.reach(request, serverId(request));
    const device = attachedVolume(server, volumeId);
    if (server.where !== 'cell' || device === undefined)
      throw notFound('compute.attachment.not_found', `No volume Block Device Mapping with id ${volumeId}.`);
    checkUnchanged(request.body, server.instance.uuid, device);
    const { delete_on_termination: goes } = request.body.volumeAttachment;
    if (goes === undefined) return;
    const value = isTrue(goes);
    await server.cell.run((sql) => this.servers.devices.setDeleteOnTermination(sql, server.instance.uuid, volumeId, value));
  }

  async #swap(request: ApiRequest<ChangeBody>, oldId: string, newId: string): Promise<void> {
    const { ctx } = request;
    const caller = swapCaller(request);
    const server = await this.servers.allowed(request, 'swapVolume', caller);
    const old = await this.servers.volume(request, oldId);
    const next = await this.servers.find(request, newId);
    if (next === undefined) throw bad('new_volume_not_found', `Volume ${newId} could not be found.`);
    const device = attachedVolume(server, oldId);
    if (device === undefined) throw volumeNotFound(oldId);
    checkSwap(old, next);
    const marked = await this.servers.service.beginDetaching(ctx, oldId);
    if (marked.outcome === 'refused') throw refusedVolume(marked);
    const reserved = await this.servers.service.reserve(ctx, newId, server.instance.uuid);
    if (reserved.outcome === 'refused') {
      await this.#keep(ctx, oldId);
      throw refusedVolume(reserved);
    }
    const args = { subject: { volume_id: oldId, new_volume_id: newId }, block_device: device.uuid };
    try {
      await this.servers.begin(request, 'swapVolume', args, { caller });
    } catch (error) {
      await this.servers.service.release(ctx, reserved.attachmentId).catch(() => undefined);
      await this.#keep(ctx, oldId);
      throw error;
    }
  }

  /** The request has failed already: what fails now is not told in its place. */
  async #keep(ctx: Ctx, volumeId: string): Promise<void> {
    await this.servers.service.rollDetaching(ctx, volumeId).catch(() => undefined);
  }
}

/** Who swaps needs the right to swap, and no other: what members may change is asked about, and does not decide. */
const swapCaller = (request: ApiRequest<ChangeBody>): Caller => ({
  principal: request.principal,
  rule: SWAP,
  authorize: (rule, target) => {
    try {
      request.authorize(request.rule, target);
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'forbidden') throw error;
    }
    request.authorize(rule, target);
  },
});

/** Only what becomes of the volume may differ. @throws AppError 400 */
function checkUnchanged({ volumeAttachment: given }: ChangeBody, serverUuid: string, device: AttachedVolume): void {
  const present = { id: device.volume_id, serverId: serverUuid, device: device.device_name, tag: device.tag };
  for (const [key, value] of Object.entries(present)) {
    const wanted = given[key as keyof typeof present];
    if (wanted !== undefined && wanted !== value) throw bad('immutable', `The ${key} property is not mutable`);
  }
}

/** @throws AppError 400, 409 */
function checkSwap(old: Volume, next: Volume): void {
  if ((old.migrationStatus ?? 'none') === 'none')
    throw conflict('compute.volume.not_migrating', `Volume ${old.id} is not being migrated by the volume service.`);
  if (next.status === 'in-use') throw bad('new_volume_in_use', 'Invalid volume: New volume must be detached in order to swap.');
  if (next.size < old.size) throw bad('new_volume_too_small', 'Invalid volume: New volume must be the same size or larger.');
}
