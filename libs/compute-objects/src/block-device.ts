export const DEVICE_SOURCES = ['volume', 'image', 'snapshot', 'blank'] as const;
export const DEVICE_DESTINATIONS = ['volume', 'local'] as const;

/**
 * One disk of a server beside what its flavor and image say by themselves: the row of `block_device_mappings` in its cell.
 * A server that just boots its image has none.
 */
export interface BlockDevice {
  readonly uuid: string;
  readonly source_type: (typeof DEVICE_SOURCES)[number];
  readonly destination_type: (typeof DEVICE_DESTINATIONS)[number];
  /** 0: what the server boots from; below 0 or null: not booted from. */
  readonly boot_index: number | null;
  /** `/dev/vdb` */
  readonly device_name: string | null;
  readonly device_type: string | null;
  readonly disk_bus: string | null;
  readonly guest_format: string | null;
  readonly delete_on_termination: boolean;
  readonly volume_id: string | null;
  readonly snapshot_id: string | null;
  readonly image_id: string | null;
  /** GiB. */
  readonly volume_size: number | null;
  readonly volume_type: string | null;
  readonly tag: string | null;
  /** Its attachment in the volume service; null: not reserved yet. */
  readonly attachment_id: string | null;
}

/** What an agent reports of a disk; `removed`: the server has it no more. */
export interface BlockDeviceUpdate {
  readonly uuid: string;
  readonly volume_id?: string;
  readonly attachment_id?: string;
  readonly device_name?: string;
  readonly volume_size?: number;
  readonly removed?: true;
}

/** What a client sees of a disk in a server: volumes alone. */
export const isVolume = (device: BlockDevice): device is BlockDevice & { readonly volume_id: string } =>
  device.destination_type === 'volume' && device.volume_id !== null;

export const isRoot = ({ boot_index }: Pick<BlockDevice, 'boot_index'>): boolean => boot_index === 0;

export const ROOT_DEVICE = '/dev/vda';

/** a … z, aa … : the letters behind `/dev/vd`. */
function letters(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}

/** The first name behind the root disk's that nobody has. @param taken names of disks, e.g. `/dev/vdb` */
export function freeDeviceName(taken: ReadonlyArray<string | null>): string {
  for (let index = 1; ; index++) {
    const name = `/dev/vd${letters(index)}`;
    if (!taken.includes(name)) return name;
  }
}

/** Names disks that have none: the root first, the others in the order that they were asked for. */
export function namedDevices(devices: readonly BlockDevice[]): readonly BlockDevice[] {
  const taken: Array<string | null> = devices.map((device) => device.device_name);
  return devices.map((device) => {
    if (device.device_name !== null) return device;
    const device_name = isRoot(device) ? ROOT_DEVICE : freeDeviceName(taken);
    taken.push(device_name);
    return { ...device, device_name };
  });
}
