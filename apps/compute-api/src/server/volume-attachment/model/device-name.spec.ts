import { describe, expect, it } from 'vitest';
import { deviceNameFor } from './device-name.js';

describe('the name of a further disk', () => {
  it('is the first that is free, or the one that is asked for', () => {
    expect(deviceNameFor(null, ['/dev/vdb', null])).toBe('/dev/vdc');
    expect([deviceNameFor('vdx', []), deviceNameFor('/dev/sdb1', [])]).toEqual(['/dev/vdx', '/dev/sdb1']);
  });

  it.each([
    ['/dev/vdb', 'in use'],
    ['vdb', 'in use'],
    ['/dev/vda', 'in use'],
    ['/tmp/x', 'invalid'],
    ['/dev/vd b', 'invalid'],
  ])('is not %s: %s', (wanted, why) => {
    expect(() => deviceNameFor(wanted, ['/dev/vdb'])).toThrow(`The supplied device path (${wanted}) is ${why}.`);
  });
});
