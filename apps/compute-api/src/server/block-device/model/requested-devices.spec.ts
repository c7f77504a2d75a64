import { describe, expect, it } from 'vitest';
import { type DeviceBody, type LegacyDeviceBody, readDevices, rootOf } from './requested-devices.js';

const IMAGE = '70a599e0-31e7-49b7-b260-868f441e862b';
const VOLUME = '1ea035e0-e44d-40eb-bfcf-f7f85c886e0f';
const read = (devices: readonly DeviceBody[], imageId: string | null = null) =>
  readDevices({ block_device_mapping_v2: devices }, imageId);
const readOld = (devices: readonly LegacyDeviceBody[], imageId: string | null = null) =>
  readDevices({ block_device_mapping: devices }, imageId);
const root: DeviceBody = { source_type: 'volume', uuid: VOLUME, destination_type: 'volume', boot_index: '0' };

describe('the disks of a request', () => {
  it('are read with what they leave out', () => {
    expect(read([{ ...root, delete_on_termination: 'true', tag: 't', volume_type: null }])).toEqual([
      {
        source: 'volume',
        destination: 'volume',
        sourceId: VOLUME,
        size: null,
        bootIndex: 0,
        deviceName: null,
        deviceType: null,
        diskBus: null,
        guestFormat: null,
        deleteOnTermination: true,
        volumeType: null,
        tag: 't',
      },
    ]);
    expect(read([root, { source_type: 'snapshot', uuid: VOLUME }]).map(({ destination }) => destination)).toEqual([
      'volume',
      'volume',
    ]);
    expect(read([{ source_type: 'blank', boot_index: -1 }], IMAGE)).toMatchObject([{ destination: 'local', bootIndex: null }]);
    expect(read([root, { ...root, no_device: true }])).toHaveLength(1);
  });

  it.each([2 ** 31, '9'.repeat(300)])('C2: are of no size that cannot be stored: %s', (volume_size) => {
    expect(() => read([{ source_type: 'blank', volume_size }], IMAGE)).toThrow('It has to be an integer up to 2147483647.');
  });

  it('do not tell of the image again, which is there by itself', () => {
    expect(read([{ source_type: 'image', destination_type: 'local', boot_index: 0, uuid: IMAGE }], IMAGE)).toEqual([]);
  });

  it.each<[string, DeviceBody, string]>([
    ['a blank disk of something', { source_type: 'blank', uuid: VOLUME }, 'Invalid device UUID.'],
    ['a volume without a name', { source_type: 'volume' }, 'Missing device UUID.'],
    [
      'an image on the host',
      { source_type: 'image', uuid: VOLUME, destination_type: 'local' },
      'Mapping image to local is not supported.',
    ],
    ['a volume on the host', { source_type: 'volume', uuid: VOLUME, destination_type: 'local' }, 'Mapping volume to local'],
    [
      'an image in a volume of no size',
      { source_type: 'image', uuid: VOLUME, destination_type: 'volume' },
      "Images with destination_type 'volume' need to have a non-zero size specified",
    ],
    [
      'a blank volume of no size',
      { source_type: 'blank', destination_type: 'volume' },
      "Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size",
    ],
  ])('are not %s', (_what, device, details) => {
    expect(() => read([device], IMAGE)).toThrow(`Block Device Mapping is Invalid: ${details}`);
  });

  it.each<[readonly DeviceBody[], string | null]>([
    [[], null],
    [[{ ...root, boot_index: 1 }], null],
    [[{ ...root, boot_index: null }], null],
    [[root, { ...root, boot_index: 2 }], null],
    [[root, root], null],
    [[{ ...root, boot_index: 2 }], IMAGE],
  ])('have a boot sequence without gaps: %j with image %s has not', (devices, imageId) => {
    expect(() => read(devices, imageId)).toThrow(
      'Boot sequence for the instance and image/block device mapping combination is not valid.',
    );
  });

  it('may be of the older kind, of which the first volume is booted from where there is no image', () => {
    const volume = { device_name: 'vdb', volume_id: VOLUME };
    const swap = { device_name: 'vdc', virtual_name: 'swap' };
    expect(rootOf(readOld([swap, volume]))).toMatchObject({ source: 'volume', sourceId: VOLUME, deviceName: 'vdb' });
    expect(rootOf(readOld([volume], IMAGE))).toBeUndefined();
    expect(readOld([swap], IMAGE)).toMatchObject([{ source: 'blank', destination: 'local', guestFormat: 'swap' }]);
    expect(() => readDevices({ block_device_mapping: [volume], block_device_mapping_v2: [root] }, IMAGE)).toThrow(
      'Using different block_device_mapping syntaxes is not allowed in the same request.',
    );
  });
});
