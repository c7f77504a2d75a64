import { isRoot } from '@kilonova/compute-objects';
import type { ApiRequest } from '@kilonova/http';
import { type AppError, type Ctx, conflict, invalid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { refusedVolume } from '../block-device/model/volume-checks.js';
import { isUp } from '../core/model/host-state.js';
import { type AttachedVolume, attachedVolume, ServerVolumes } from './server-volumes.service.js';

/** Detaches a volume from a server: marked with the volume service, then its agent is told. A failure takes the mark back. */
@Injectable()
export class DetachVolume {
  constructor(private readonly servers: ServerVolumes) {}

  /** @throws AppError 400, 403, 404, 409; `dependency` */
  async run(request: ApiRequest<unknown>, volumeId: string): Promise<void> {
    const server = await this.servers.allowed(request, 'detachVolume');
    await this.servers.volume(request, volumeId);
    const device = attachedVolume(server, volumeId);
    if (device === undefined) throw notFound('compute.attachment.not_found', `volume_id not found: ${volumeId}`);
    if (isRoot(device)) throw invalid('compute.volume.root', 'Cannot detach a root device volume');
    if (server.instance.host !== null && !isUp(server.host)) throw hostDown();
    const marked = await this.servers.service.beginDetaching(request.ctx, volumeId);
    if (marked.outcome === 'refused') throw refusedVolume(marked);
    try {
      await this.#begin(request, server.instance.uuid, device);
    } catch (error) {
      await this.servers.service.rollDetaching(request.ctx, volumeId).catch(() => undefined);
      throw error;
    }
  }

  async #begin(request: ApiRequest<unknown>, serverUuid: string, device: AttachedVolume): Promise<void> {
    const args = { subject: { volume_id: device.volume_id }, block_device: device.uuid };
    const where = await this.servers.begin(request, 'detachVolume', args, {});
    if (where === 'here') await this.#release(request, serverUuid, device);
  }

  /** The volume first: cut short after it, the server still shows it, and it is detached again. */
  async #release({ ctx, ...request }: ApiRequest<unknown>, serverUuid: string, device: AttachedVolume): Promise<void> {
    await this.#untie(ctx, serverUuid, device.volume_id);
    const { cell } = await this.servers.allowed({ ctx, ...request }, 'detachVolume');
    await cell.run((sql) => this.servers.devices.remove(sql, device.uuid));
  }

  async #untie(ctx: Ctx, serverUuid: string, volumeId: string): Promise<void> {
    const { service } = this.servers;
    for (const { id } of await service.attachments(ctx, volumeId, serverUuid)) await service.release(ctx, id);
  }
}

const hostDown = (): AppError => conflict('compute.server.host_down', 'Service is unavailable at this time.');
