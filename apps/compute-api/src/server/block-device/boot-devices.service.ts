import { randomUUID } from 'node:crypto';
import { type BlockDevice, type ImageMeta, namedDevices } from '@kilonova/compute-objects';
import type { Logger } from '@kilonova/observability';
import { type AppError, type Ctx, invalid } from '@kilonova/util';
import { endVolumes, type NewVolume, type Requester, type Volume, VolumeService } from '@kilonova/volume-client';
import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '../../common/tokens.js';
import type { RequestedDevice } from './model/requested-devices.js';
import { checkSharing, refusedVolume } from './model/volume-checks.js';
import { volumeImage } from './model/volume-image.js';

/** A disk whose source was looked up. */
interface CheckedDevice extends RequestedDevice {
  readonly volume?: Volume;
}

/** The disks of a request, all of them there. */
export interface CheckedDevices {
  readonly devices: readonly CheckedDevice[];
  /** What the server boots from is a volume. */
  readonly bootsFromVolume: boolean;
  /** The image behind the volume that is booted from, as far as the volume tells; undefined: the image itself is read. */
  readonly image: ImageMeta | undefined;
  /** GiB of the volume that is booted from. */
  readonly rootSize: number | null;
}

/** What of the request its disks depend on. */
export interface DeviceCircumstances {
  /** major · 1000 + minor */
  readonly version: number;
  readonly maxCount: number;
}

/** Disks by server. */
export type PreparedDevices = ReadonlyMap<string, readonly BlockDevice[]>;

/** Volumes that one request may have made or reserved: each costs a request to the volume service. */
const VOLUMES_PER_REQUEST = 256;

const bad = (reason: string, message: string): AppError => invalid(`compute.server.${reason}`, message);
const mappingInvalid = (reason: string, details: string): AppError => bad(reason, `Block Device Mapping is Invalid: ${details}`);

/**
 * The disks that new servers are asked to have: looked up and made in the caller's name, reserved in the service's own, given
 * back when the request fails after all.
 */
@Injectable()
export class BootDevices {
  constructor(
    private readonly volumes: VolumeService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** @throws AppError 400 in Nova's words for what is not there or may not be used; `dependency` */
  async check(
    ctx: Ctx,
    who: Requester,
    devices: readonly RequestedDevice[],
    circumstances: DeviceCircumstances,
  ): Promise<CheckedDevices> {
    this.#checkNumbers(devices, circumstances);
    const checked: CheckedDevice[] = [];
    for (const device of devices) checked.push(await this.#checked(ctx, who, device, circumstances.version));
    const root = checked.find(({ bootIndex, destination }) => bootIndex === 0 && destination === 'volume');
    if (root === undefined) return { devices: checked, bootsFromVolume: false, image: undefined, rootSize: null };
    if (root.volume !== undefined && !root.volume.bootable)
      throw bad('volume_not_bootable', `Block Device ${root.volume.id} is not bootable.`);
    const image = root.source === 'image' ? undefined : volumeImage(root.volume, root.size ?? 0);
    return { devices: checked, bootsFromVolume: true, image, rootSize: root.size };
  }

  /**
   * Makes and reserves the volumes of each server; what was done is undone when one fails.
   * @throws AppError 400 or 403 as the volume service says; `dependency`
   */
  async prepare(ctx: Ctx, who: Requester, { devices }: CheckedDevices, uuids: readonly string[]): Promise<PreparedDevices> {
    if (devices.length === 0) return new Map();
    const prepared = new Map<string, BlockDevice[]>();
    try {
      for (const uuid of uuids) {
        const own: BlockDevice[] = [];
        prepared.set(uuid, own);
        for (const device of devices) own.push(await this.#prepared(ctx, who, uuid, device));
      }
    } catch (error) {
      await this.giveBack(ctx, prepared);
      throw error;
    }
    return new Map([...prepared].map(([uuid, own]) => [uuid, namedDevices(own)]));
  }

  /** Of servers that do not come to be: their reservations end, and volumes that were made for them are deleted. */
  async giveBack(ctx: Ctx, prepared: PreparedDevices): Promise<void> {
    for (const [uuid, devices] of prepared) {
      await this.#end(
        ctx,
        uuid,
        devices.map((device) => ({ ...device, delete_on_termination: device.source_type !== 'volume' })),
      );
    }
  }

  /** Of a server that its user gave up: volumes that outlive it stay. */
  async end(ctx: Ctx, uuid: string, devices: readonly BlockDevice[]): Promise<void> {
    await this.#end(ctx, uuid, devices);
  }

  #end(ctx: Ctx, uuid: string, devices: readonly BlockDevice[]): Promise<void> {
    return endVolumes(ctx, this.volumes, uuid, devices, (volume, err) =>
      this.log.warn({ err, instance: uuid, volume }, 'a volume of a server that is gone was not let go'),
    );
  }

  #checkNumbers(devices: readonly RequestedDevice[], { maxCount }: DeviceCircumstances): void {
    const wanted = devices.filter(({ destination }) => destination === 'volume');
    if (wanted.length === 0) return;
    if (!this.volumes.isThere) throw mappingInvalid('volumes_unsupported', 'there is no volume service that could serve it.');
    if (maxCount > 1 && wanted.some(({ source }) => source === 'volume'))
      throw bad('volume_for_several', 'Cannot attach one or more volumes to multiple instances');
    if (wanted.length * maxCount > VOLUMES_PER_REQUEST)
      throw bad('too_many_volumes', `One request may use ${VOLUMES_PER_REQUEST} volumes at most.`);
  }

  async #checked(ctx: Ctx, who: Requester, device: RequestedDevice, version: number): Promise<CheckedDevice> {
    const { source, destination, sourceId, volumeType } = device;
    if (destination === 'local') return device;
    if (volumeType !== null && source !== 'volume' && !(await this.volumes.hasType(ctx, who, volumeType)))
      throw bad('volume_type_not_found', `Volume type ${volumeType} could not be found.`);
    if (source === 'volume') {
      const volume = await this.volumes.find(ctx, who, sourceId ?? '');
      if (volume === undefined) throw mappingInvalid('volume_not_found', `failed to get volume ${sourceId}.`);
      checkSharing(volume, version);
      return { ...device, volume, size: volume.size };
    }
    if (source !== 'snapshot') return device;
    const snapshot = await this.volumes.findSnapshot(ctx, who, sourceId ?? '');
    if (snapshot === undefined) throw mappingInvalid('snapshot_not_found', `failed to get snapshot ${sourceId}.`);
    return { ...device, size: device.size ?? snapshot.size };
  }

  async #prepared(ctx: Ctx, who: Requester, uuid: string, device: CheckedDevice): Promise<BlockDevice> {
    if (device.destination === 'local') return blockDevice(device, {});
    if (device.source !== 'volume') {
      const made = await this.volumes.create(ctx, who, newVolume(device));
      if (made.outcome === 'refused') throw refusedVolume(made);
      return blockDevice(device, { volume_id: made.volumeId });
    }
    const volume_id = device.sourceId ?? '';
    const reserved = await this.volumes.reserve(ctx, volume_id, uuid);
    if (reserved.outcome === 'refused') throw refusedVolume(reserved);
    return blockDevice(device, { volume_id, attachment_id: reserved.attachmentId });
  }
}

const newVolume = ({ source, sourceId, size, volumeType }: CheckedDevice): NewVolume => ({
  size: size ?? 1,
  ...(source === 'image' ? { imageId: sourceId ?? '' } : {}),
  ...(source === 'snapshot' ? { snapshotId: sourceId ?? '' } : {}),
  ...(volumeType === null ? {} : { type: volumeType }),
});

const blockDevice = (device: CheckedDevice, tied: Pick<Partial<BlockDevice>, 'volume_id' | 'attachment_id'>): BlockDevice => ({
  uuid: randomUUID(),
  source_type: device.source,
  destination_type: device.destination,
  boot_index: device.bootIndex,
  device_name: device.deviceName,
  device_type: device.deviceType,
  disk_bus: device.diskBus,
  guest_format: device.guestFormat,
  delete_on_termination: device.deleteOnTermination,
  volume_id: tied.volume_id ?? null,
  snapshot_id: device.source === 'snapshot' ? device.sourceId : null,
  image_id: device.source === 'image' ? device.sourceId : null,
  volume_size: device.size,
  volume_type: device.volumeType,
  tag: device.tag,
  attachment_id: tied.attachment_id ?? null,
});
