import { DEVICE_DESTINATIONS, DEVICE_SOURCES } from '@kilonova/compute-objects';
import { type AppError, invalid } from '@kilonova/util';
import { integer, isTrue } from '../../../common/values.js';

/** An entry of `block_device_mapping_v2`, checked by its schema. */
export interface DeviceBody {
  readonly source_type?: string;
  readonly destination_type?: string;
  readonly uuid?: string;
  readonly image_id?: string;
  readonly volume_size?: number | string | null;
  readonly boot_index?: number | string | null;
  readonly device_name?: string | null;
  readonly device_type?: string | null;
  readonly disk_bus?: string | null;
  readonly guest_format?: string | null;
  readonly delete_on_termination?: boolean | string;
  readonly no_device?: unknown;
  readonly tag?: string;
  readonly volume_type?: string | null;
}

/** An entry of the older `block_device_mapping`. */
export interface LegacyDeviceBody {
  readonly device_name?: string | null;
  readonly virtual_name?: string;
  readonly volume_id?: string;
  readonly snapshot_id?: string;
  readonly volume_size?: number | string | null;
  readonly delete_on_termination?: boolean | string;
  readonly no_device?: unknown;
}

/** A disk that somebody wants, in our own words. */
export interface RequestedDevice {
  readonly source: (typeof DEVICE_SOURCES)[number];
  readonly destination: (typeof DEVICE_DESTINATIONS)[number];
  /** Of the volume, image or snapshot; null for a blank disk. */
  readonly sourceId: string | null;
  /** GiB; null: as big as its source. */
  readonly size: number | null;
  /** 0: what the server boots from; null: not booted from. */
  readonly bootIndex: number | null;
  readonly deviceName: string | null;
  readonly deviceType: string | null;
  readonly diskBus: string | null;
  readonly guestFormat: string | null;
  readonly deleteOnTermination: boolean;
  readonly volumeType: string | null;
  readonly tag: string | null;
}

const bad = (reason: string, details: string): AppError =>
  invalid(`compute.server.${reason}`, `Block Device Mapping is Invalid: ${details}`);

const sizeOf = (value: number | string | null | undefined): number | null =>
  value === undefined || value === null || value === '' ? null : integer(value, 'volume_size');

const indexOf = (value: DeviceBody['boot_index']): number | null =>
  value === undefined || value === null || Number(value) < 0 ? null : Number(value);

/** Where a disk goes that does not say so. */
const usualDestination = (source: string): RequestedDevice['destination'] =>
  source === 'volume' || source === 'snapshot' ? 'volume' : 'local';

function deviceOf(body: DeviceBody): RequestedDevice {
  const source = (body.source_type ?? 'blank') as RequestedDevice['source'];
  return {
    source,
    destination: (body.destination_type as RequestedDevice['destination'] | undefined) ?? usualDestination(source),
    sourceId: body.uuid ?? null,
    size: sizeOf(body.volume_size),
    bootIndex: indexOf(body.boot_index),
    deviceName: body.device_name ?? null,
    deviceType: body.device_type ?? null,
    diskBus: body.disk_bus ?? null,
    guestFormat: body.guest_format ?? null,
    deleteOnTermination: isTrue(body.delete_on_termination),
    volumeType: body.volume_type ?? null,
    tag: body.tag ?? null,
  };
}

function ofLegacy(body: LegacyDeviceBody): RequestedDevice {
  const { volume_id, snapshot_id, virtual_name } = body;
  const source_type = snapshot_id !== undefined ? 'snapshot' : volume_id !== undefined ? 'volume' : 'blank';
  const { device_name, volume_size, delete_on_termination } = body;
  const device = deviceOf({ source_type, uuid: snapshot_id ?? volume_id, device_name, volume_size, delete_on_termination });
  if (source_type !== 'blank') return { ...device, destination: 'volume' };
  return { ...device, destination: 'local', guestFormat: virtual_name === 'swap' ? 'swap' : null, deleteOnTermination: true };
}

/** Of the older kind, the first volume is booted from where there is no image. */
function legacyDevices(bodies: readonly LegacyDeviceBody[], imageId: string | null): readonly RequestedDevice[] {
  const devices = bodies.filter((body) => !isTrue(body.no_device)).map(ofLegacy);
  if (imageId !== null) return devices;
  const root = devices.findIndex(({ destination }) => destination === 'volume');
  return devices.map((device, index) => (index === root ? { ...device, bootIndex: 0 } : device));
}

/** Some clients repeat the image as a local disk: it is there by itself. */
const isTheImage = ({ source, destination, bootIndex, sourceId }: RequestedDevice, imageId: string | null): boolean =>
  source === 'image' && destination === 'local' && bootIndex === 0 && sourceId === imageId;

/** @throws AppError 400 in Nova's words for what no such disk can be */
function checkKind({ source, destination, sourceId, size }: RequestedDevice): void {
  if (source === 'blank' && sourceId !== null) throw bad('device_uuid_invalid', 'Invalid device UUID.');
  if (source !== 'blank' && sourceId === null) throw bad('device_uuid_missing', 'Missing device UUID.');
  if (source === 'image' && destination === 'local') throw bad('image_to_local', 'Mapping image to local is not supported.');
  if ((source === 'volume' || source === 'snapshot') && destination === 'local')
    throw bad('volume_to_local', `Mapping ${source} to local is not supported.`);
  if (destination === 'local' || (size ?? 0) > 0) return;
  if (source === 'image')
    throw bad('image_size_missing', "Images with destination_type 'volume' need to have a non-zero size specified");
  if (source === 'blank')
    throw bad('blank_size_missing', "Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size");
}

/** Disks to boot from are numbered 0, 1, 2 … without gaps; the image is number 0 unless a disk is. */
function checkBootSequence(devices: readonly RequestedDevice[], imageId: string | null): void {
  const own = devices.flatMap(({ bootIndex }) => (bootIndex === null ? [] : [bootIndex]));
  const all = imageId !== null && !own.includes(0) ? [0, ...own] : own;
  const inOrder = [...all].sort((a, b) => a - b);
  if (inOrder.length > 0 && inOrder.every((index, place) => index === place)) return;
  throw bad('boot_source_missing', 'Boot sequence for the instance and image/block device mapping combination is not valid.');
}

/**
 * The disks beside the image that a request wants.
 * @throws AppError 400 in Nova's words for what does not fit together, whatever there is in the cloud
 */
export function readDevices(
  server: {
    readonly block_device_mapping?: readonly LegacyDeviceBody[];
    readonly block_device_mapping_v2?: readonly DeviceBody[];
  },
  imageId: string | null,
): readonly RequestedDevice[] {
  const { block_device_mapping: legacy = [], block_device_mapping_v2: present = [] } = server;
  if (legacy.length > 0 && present.length > 0)
    throw invalid(
      'compute.server.devices_twice',
      'Using different block_device_mapping syntaxes is not allowed in the same request.',
    );
  const all = [...present.filter((body) => !isTrue(body.no_device)).map(deviceOf), ...legacyDevices(legacy, imageId)];
  checkBootSequence(all, imageId);
  const devices = all.filter((device) => !isTheImage(device, imageId));
  for (const device of devices) checkKind(device);
  return devices;
}

/** What the server boots from, where it is none of its image's own disk. */
export const rootOf = (devices: readonly RequestedDevice[]): RequestedDevice | undefined =>
  devices.find(({ bootIndex }) => bootIndex === 0);
