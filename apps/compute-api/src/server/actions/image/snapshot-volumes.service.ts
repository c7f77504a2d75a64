import { InstanceActionRepository } from '@kilonova/cell-db';
import { type BlockDevice, type Instance, isVolume } from '@kilonova/compute-objects';
import { type ApiRequest, ownerOf } from '@kilonova/http';
import { ImageClient, type ImageInfo } from '@kilonova/image-client';
import type { Ctx } from '@kilonova/util';
import { type Snapshot, VolumeService } from '@kilonova/volume-client';
import { Injectable } from '@nestjs/common';
import { isMapping, mappingProperties } from '../../block-device/model/image-devices.js';
import { refusedVolume } from '../../block-device/model/volume-checks.js';
import { requesterOf } from '../../block-device/requester.js';
import { newAction } from '../../core/new-action.js';
import type { ServerInCell } from '../../core/server-locator.service.js';
import { type SnapshotWish, snapshotImage } from './model/snapshot-image.js';
import { QuiesceGuest } from './quiesce-guest.service.js';

const ALLOWED = 'os_compute_api:servers:create_image:allow_volume_backed';
/** What an image without data is said to be. Source: what Nova falls back to. */
const FORMATS = { disk_format: 'qcow2', container_format: 'bare' } as const;

/**
 * The image of a server on volumes: snapshots of them, in the caller's name, and an image without data that says how to make disks of
 * the snapshots. The agent takes part only where the guest is to hold still meanwhile. When a part fails, what was made before is removed.
 */
@Injectable()
export class SnapshotVolumes {
  readonly #actions = new InstanceActionRepository();

  constructor(
    private readonly volumes: VolumeService,
    private readonly images: ImageClient,
    private readonly quiesceGuest: QuiesceGuest,
  ) {}

  /** @throws AppError 400 and 403 as the volume service says; `dependency` */
  async run(request: ApiRequest<unknown>, { cell, instance, devices }: ServerInCell, wish: SnapshotWish): Promise<ImageInfo> {
    const { ctx } = request;
    request.authorize(ALLOWED, ownerOf(instance));
    const snapshots = new Map<string, Snapshot>();
    try {
      await this.quiesceGuest.during(request, instance, async () => {
        for (const device of devices.filter(isVolume))
          snapshots.set(device.uuid, await this.#snapshot(request, device, wish.name));
      });
      const image = await this.#image(request, instance, devices, snapshots, wish);
      await cell.run((sql) => this.#actions.record(sql, newAction(ctx, 'createImage', instance.uuid)));
      return image;
    } catch (error) {
      for (const { id } of snapshots.values()) await this.volumes.deleteSnapshot(ctx, id).catch(() => undefined);
      throw error;
    }
  }

  async #snapshot(request: ApiRequest<unknown>, { volume_id }: { readonly volume_id: string }, name: string): Promise<Snapshot> {
    const made = await this.volumes.createSnapshot(request.ctx, requesterOf(request), volume_id, `snapshot for ${name}`);
    if (made.outcome === 'refused') throw refusedVolume(made);
    return made.snapshot;
  }

  async #image(
    { ctx, token, principal }: ApiRequest<unknown>,
    instance: Instance,
    devices: readonly BlockDevice[],
    snapshots: ReadonlyMap<string, Snapshot>,
    wish: SnapshotWish,
  ): Promise<ImageInfo> {
    const images = this.images.asCaller(token);
    const { properties = {}, ...plain } = snapshotImage(instance, principal, wish);
    const others = Object.fromEntries(Object.entries(properties).filter(([name]) => !isMapping(name)));
    const mapping = mappingProperties(devices, snapshots, instance.root_device_name);
    const image = await images.create(ctx, { ...plain, ...FORMATS, properties: { ...others, ...mapping } });
    await images.leaveEmpty(ctx, image.id).catch((error: unknown) => this.#discard(ctx, token, image.id, error));
    return image;
  }

  async #discard(ctx: Ctx, token: string, id: string, error: unknown): Promise<never> {
    await this.images
      .asCaller(token)
      .delete(ctx, id)
      .catch(() => undefined);
    throw error;
  }
}
