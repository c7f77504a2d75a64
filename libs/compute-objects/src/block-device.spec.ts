import { describe, expect, it } from 'vitest';
import { type BlockDevice, freeDeviceName, isVolume, namedDevices } from './block-device.js';

const device = (given: Partial<BlockDevice>): BlockDevice => ({
  uuid: 'u',
  source_type: 'blank',
  destination_type: 'volume',
  boot_index: null,
  device_name: null,
  device_type: null,
  disk_bus: null,
  guest_format: null,
  delete_on_termination: false,
  volume_id: null,
  snapshot_id: null,
  image_id: null,
  volume_size: null,
  volume_type: null,
  tag: null,
  attachment_id: null,
  ...given,
});

describe('names of disks', () => {
  it('are the first that nobody has, and go on behind z', () => {
    const taken: string[] = [];
    for (let n = 0; n < 27; n++) taken.push(freeDeviceName(taken));
    expect([taken[0], taken[24], taken[25], taken[26]]).toEqual(['/dev/vdb', '/dev/vdz', '/dev/vdaa', '/dev/vdab']);
    expect(freeDeviceName(['/dev/vdb', null, '/dev/vdd'])).toBe('/dev/vdc');
  });

  it('are kept where they were asked for, and given to the others in order', () => {
    const named = namedDevices([device({}), device({ device_name: '/dev/vdb' }), device({ boot_index: 0 }), device({})]);
    expect(named.map(({ device_name }) => device_name)).toEqual(['/dev/vdc', '/dev/vdb', '/dev/vda', '/dev/vdd']);
  });
});

describe('a volume', () => {
  it('is what the volume service has, not a disk of the host, and not one still to be made', () => {
    expect(
      [{ volume_id: 'v' }, {}, { volume_id: 'v', destination_type: 'local' as const }].map((one) => isVolume(device(one))),
    ).toEqual([true, false, false]);
  });
});
