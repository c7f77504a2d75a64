import type { BlockDevice } from '@kilonova/compute-objects';
import { type AppError, invalid } from '@kilonova/util';
import type { Snapshot } from '@kilonova/volume-client';
import { type DeviceBody, type RequestedDevice, readDevices } from './requested-devices.js';

type Properties = Readonly<Record<string, string>>;

const MAPPING = 'block_device_mapping';
const bad = (): AppError =>
  invalid('compute.server.image_mapping', 'Block Device Mapping is Invalid: the one of the image cannot be read.');

/** A disk as an image tells of it; of a volume, its snapshot. */
const entryOf = (device: BlockDevice, snapshot: Snapshot | undefined) => ({
  source_type: snapshot === undefined ? device.source_type : 'snapshot',
  destination_type: device.destination_type,
  boot_index: device.boot_index,
  device_name: device.device_name,
  device_type: device.device_type,
  disk_bus: device.disk_bus,
  guest_format: device.guest_format,
  delete_on_termination: device.delete_on_termination,
  no_device: null,
  volume_id: null,
  image_id: device.image_id,
  snapshot_id: snapshot?.id ?? null,
  volume_size: snapshot?.size ?? device.volume_size,
  volume_type: device.volume_type,
  tag: device.tag,
});

/** What an image of volumes has in place of data. Source: the image properties that Nova reads and writes. */
export const mappingProperties = (
  devices: readonly BlockDevice[],
  snapshots: ReadonlyMap<string, Snapshot>,
  rootDevice: string | null,
): Properties => ({
  [MAPPING]: JSON.stringify(devices.map((device) => entryOf(device, snapshots.get(device.uuid)))),
  bdm_v2: 'True',
  ...(rootDevice === null ? {} : { root_device_name: rootDevice }),
});

/** What an image says of disks, and no other image is told. */
export const isMapping = (property: string): boolean => [MAPPING, 'bdm_v2', 'root_device_name'].includes(property);

/** The disks that an image is made of; undefined for an image with data of its own. @throws AppError 400 */
export function devicesOfImage(properties: Properties): readonly RequestedDevice[] | undefined {
  const text = properties[MAPPING];
  if (text === undefined || text === '') return undefined;
  const entries = parsed(text);
  if (entries.length === 0) return undefined;
  return readDevices({ block_device_mapping_v2: entries.map(bodyOf) }, null);
}

type Entry = DeviceBody & { readonly snapshot_id?: string | null; readonly volume_id?: string | null };

function parsed(text: string): readonly Entry[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null)) return value as Entry[];
  } catch {
    // Refused below.
  }
  throw bad();
}

/** Only what a client may ask for is taken over. */
function bodyOf({ snapshot_id, volume_id, ...entry }: Entry): DeviceBody {
  const uuid = snapshot_id ?? volume_id ?? entry.image_id ?? undefined;
  return { ...entry, ...(entry.source_type === 'blank' || uuid === null ? {} : { uuid }) };
}

/** The disks of an image with those of the request: what both say of one device, or of the first to boot from, the request decides. */
export function mergedDevices(
  ofImage: readonly RequestedDevice[],
  ofRequest: readonly RequestedDevice[],
): readonly RequestedDevice[] {
  const isDecided = (device: RequestedDevice): boolean =>
    ofRequest.some(
      ({ deviceName, bootIndex }) =>
        (deviceName !== null && deviceName === device.deviceName) || (bootIndex === 0 && device.bootIndex === 0),
    );
  return [...ofImage.filter((device) => !isDecided(device)), ...ofRequest];
}
