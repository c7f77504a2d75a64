import type { BlockDevice, BlockDeviceUpdate } from '@kilonova/compute-objects';
import type { Logger } from '@kilonova/observability';
import { AppError, type Ctx, pause } from '@kilonova/util';
import type { GuestVolume, VirtDriver } from '@kilonova/virt';
import { type EndingVolume, endVolumes, type VolumeService } from '@kilonova/volume-client';
import { demand } from './demand.js';
import { type ReimageOptions, VolumeReimage } from './volume-reimage.js';

export interface HostVolumesOptions extends ReimageOptions {
  /** How long a new volume may take to become available, milliseconds. */
  readonly readyTimeoutMs: number;
  readonly log: Pick<Logger, 'warn'>;
}

/** A volume that is open to the host, and what there is to store of it. */
export interface OpenVolume {
  readonly volume: GuestVolume;
  /** GiB. */
  readonly size: number;
  readonly update: BlockDeviceUpdate & { readonly attachment_id: string };
}

/**
 * The volumes of one host's guests: opened to the host with an attachment each, completed when the guest has them, let go when
 * it has them no more. What the volume service tells of connections is handed to the driver and kept nowhere.
 */
export class HostVolumes {
  constructor(
    private readonly volumes: VolumeService,
    private readonly driver: VirtDriver,
    private readonly options: HostVolumesOptions,
  ) {}

  /** Opens those of a server's disks that are volumes, in their order. @throws AppError when one cannot be opened here */
  async openAll(
    ctx: Ctx,
    serverId: string,
    devices: readonly BlockDevice[],
    signal: AbortSignal,
  ): Promise<{ readonly volumes: readonly GuestVolume[]; readonly updates: ReadonlyArray<OpenVolume['update']> }> {
    const opened: OpenVolume[] = [];
    for (const device of devices) {
      if (device.destination_type === 'volume') opened.push(await this.open(ctx, serverId, device, signal));
    }
    return { volumes: opened.map(({ volume }) => volume), updates: opened.map(({ update }) => update) };
  }

  /** Opens a volume to this host; asked again, it finds what was done before. @throws AppError when it cannot be opened here */
  async open(ctx: Ctx, serverId: string, device: BlockDevice, signal: AbortSignal): Promise<OpenVolume> {
    const { uuid, volume_id: volumeId, device_name } = device;
    if (volumeId === null) throw new TypeError(`block device ${uuid} names no volume`);
    const deviceName = device_name ?? '/dev/vdb';
    const size = await this.#untilReady(ctx, volumeId, signal);
    const attachmentId = await this.#attachment(ctx, serverId, volumeId);
    const connector = { ...this.driver.volumeConnector(), mountpoint: deviceName };
    const { connection } = demand(await this.volumes.connect(ctx, attachmentId, connector));
    return {
      volume: {
        volumeId,
        deviceName,
        bootIndex: device.boot_index,
        diskBus: device.disk_bus,
        deviceType: device.device_type,
        tag: device.tag,
        connection,
      },
      size,
      update: { uuid, attachment_id: attachmentId },
    };
  }

  /**
   * Puts an image in place of what a volume of a server holds. It is closed to this host, and kept for the server meanwhile. May be told
   * again. @throws AppError when the image cannot be put there, or not in time
   */
  async reimage(ctx: Ctx, serverId: string, volumeId: string, imageId: string, signal: AbortSignal): Promise<void> {
    await this.#disconnect(ctx, serverId, volumeId);
    await new VolumeReimage(this.volumes, this.options, { serverId, volumeId, imageId }).run(ctx, signal);
  }

  async completeAll(ctx: Ctx, updates: ReadonlyArray<OpenVolume['update']>): Promise<void> {
    for (const { attachment_id } of updates) await this.volumes.complete(ctx, attachment_id);
  }

  /** Unties a volume from a server, whichever attachments it has. */
  async release(ctx: Ctx, serverId: string, volumeId: string): Promise<void> {
    for (const { id } of await this.volumes.attachments(ctx, volumeId, serverId)) await this.volumes.release(ctx, id);
  }

  /** The same where something failed already: what the volume service does not do now is told in the log. */
  tryRelease(ctx: Ctx, serverId: string, volumeId: string): Promise<void> {
    return this.endAll(ctx, serverId, [{ volume_id: volumeId, delete_on_termination: false }]);
  }

  /**
   * Closes the volumes of a server that leaves this host, and keeps them for it. What the volume service does not do now is told in the
   * log, and made good where the server comes to.
   */
  async disconnectAll(ctx: Ctx, serverId: string, devices: readonly BlockDevice[]): Promise<readonly BlockDeviceUpdate[]> {
    const updates: BlockDeviceUpdate[] = [];
    for (const { uuid, volume_id: volumeId } of devices) {
      if (volumeId === null) continue;
      const kept = await this.#disconnect(ctx, serverId, volumeId).catch(this.#told(volumeId));
      if (typeof kept === 'string') updates.push({ uuid, attachment_id: kept });
    }
    return updates;
  }

  /** A volume that was to be detached stays. */
  async keep(ctx: Ctx, volumeId: string): Promise<void> {
    await this.volumes.rollDetaching(ctx, volumeId).catch(this.#told(volumeId));
  }

  /** Tells the volume service that a snapshot is made, or removed, on this host's side. */
  noteSnapshot(ctx: Ctx, snapshotId: string, status: 'creating' | 'deleting'): Promise<void> {
    return this.volumes.setSnapshotStatus(ctx, snapshotId, status);
  }

  /** The same of one that failed: what the volume service does not hear now it finds out by its own patience. */
  async noteFailedSnapshot(ctx: Ctx, volumeId: string, snapshotId: string, status: 'error' | 'error_deleting'): Promise<void> {
    await this.volumes.setSnapshotStatus(ctx, snapshotId, status).catch(this.#told(volumeId));
  }

  /** Tells the volume service how a swap ended. Returns the id of the volume that the guest has from now on. */
  async endMigration(ctx: Ctx, oldId: string, newId: string, end: 'succeeded' | 'failed'): Promise<string> {
    if (end === 'succeeded') return this.volumes.completeMigration(ctx, oldId, newId, false);
    await this.volumes.completeMigration(ctx, oldId, newId, true).catch(this.#told(oldId));
    return oldId;
  }

  /**
   * Lets go of all volumes of a server that is no more, and deletes those that go with it. A delete always wins: what the volume
   * service does not do now is told in the log.
   */
  endAll(ctx: Ctx, serverId: string, devices: readonly EndingVolume[]): Promise<void> {
    return endVolumes(ctx, this.volumes, serverId, devices, (volume, err) =>
      this.options.log.warn({ err, instance: serverId, volume }, 'a volume of a deleted server was not let go'),
    );
  }

  #told(volume: string): (err: unknown) => void {
    return (err) => this.options.log.warn({ err, volume }, 'the volume service was not told what became of a volume');
  }

  /** Reserved before the other attachments end, so that nobody else gets it in between. */
  async #disconnect(ctx: Ctx, serverId: string, volumeId: string): Promise<string> {
    const found = await this.volumes.attachments(ctx, volumeId, serverId);
    const reserved = found.find(({ host }) => host === null)?.id;
    const id = reserved ?? demand(await this.volumes.reserve(ctx, volumeId, serverId)).attachmentId;
    for (const other of found) if (other.id !== id) await this.volumes.release(ctx, other.id);
    return id;
  }

  /** The reservation that the API made, or one of before that was open to another host and is replaced. */
  async #attachment(ctx: Ctx, serverId: string, volumeId: string): Promise<string> {
    const found = await this.volumes.attachments(ctx, volumeId, serverId);
    const { host: here } = this.driver.volumeConnector();
    const own = found.find(({ host }) => host === null || host === here);
    const id = own?.id ?? demand(await this.volumes.reserve(ctx, volumeId, serverId)).attachmentId;
    for (const other of found) if (other.id !== id && other.host !== null) await this.volumes.release(ctx, other.id);
    return id;
  }

  /** @returns its size, GiB. @throws AppError when the volume is not there, or did not become available in time */
  async #untilReady(ctx: Ctx, volumeId: string, signal: AbortSignal): Promise<number> {
    const end = Date.now() + this.options.readyTimeoutMs;
    for (;;) {
      const volume = await this.volumes.get(ctx, volumeId);
      if (volume === undefined)
        throw new AppError({
          kind: 'not-found',
          code: 'agent.volume.not_found',
          message: `Volume ${volumeId} could not be found.`,
        });
      if (!UNFINISHED.has(volume.status)) return volume.size;
      if (volume.status === 'error' || Date.now() >= end)
        throw new AppError({
          kind: 'conflict',
          code: 'agent.volume.not_created',
          message: `Volume ${volumeId} did not finish being created; its status is ${volume.status}.`,
        });
      await pause(this.options.readyIntervalMs, signal);
    }
  }
}

/** States of a volume that is still being made, or will never be. */
const UNFINISHED: ReadonlySet<string> = new Set(['creating', 'downloading', 'error']);
