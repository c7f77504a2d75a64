import type { ImageMeta } from '@kilonova/compute-objects';
import { describe, expect, it } from 'vitest';
import { isOnVolumes } from '../../../core/model/on-volumes.js';
import { checkRebuild, keepsEphemeral, rebuildChanges } from './rebuild-request.js';

const image = {
  id: 'i2',
  name: 'new',
  min_ram: 0,
  min_disk: 1,
  properties: { hw_architecture: 'x86_64' },
} as unknown as ImageMeta;
const imageRef = 'i2';

describe('a rebuild', () => {
  it('changes what belongs to the image, and what was asked for', () => {
    expect(rebuildChanges({ imageRef }, image, undefined)).toEqual({
      image_ref: 'i2',
      kernel_id: null,
      ramdisk_id: null,
      os_type: null,
      architecture: 'x86_64',
      system_metadata: expect.objectContaining({
        image_base_image_ref: 'i2',
        image_hw_architecture: 'x86_64',
        image_min_disk: '1',
      }),
    });
    const wanted = { imageRef, name: 'n', description: null, metadata: { a: 'b' }, accessIPv6: 'FE80::1', user_data: null };
    expect(rebuildChanges({ ...wanted, 'OS-DCF:diskConfig': 'AUTO' }, image, undefined)).toMatchObject({
      display_name: 'n',
      display_description: null,
      metadata: { a: 'b' },
      access_ip_v6: 'fe80::1',
      user_data: null,
      auto_disk_config: true,
    });
  });

  it('keeps, changes or takes away the key pair', () => {
    const key = { name: 'k', user_id: 'u', type: 'ssh', fingerprint: 'f', public_key: 'p' } as const;
    expect(rebuildChanges({ imageRef }, image, undefined)).not.toHaveProperty('key_name');
    expect(rebuildChanges({ imageRef }, image, key)).toMatchObject({ key_name: 'k', key_data: 'p', keypairs: [key] });
    expect(rebuildChanges({ imageRef }, image, null)).toMatchObject({ key_name: null, key_data: null, keypairs: [] });
  });

  it.each([
    ['files', { personality: [{}] }, 'File injection'],
    ['certificates', { trusted_image_certificates: ['c'] }, 'certificate'],
  ])('takes no %s', (_what, wanted, message) => {
    expect(() => checkRebuild({ imageRef, ...wanted })).toThrow(message);
    expect(() => checkRebuild({ imageRef, trusted_image_certificates: null })).not.toThrow();
  });

  it('knows servers on volumes', () => {
    expect([{ image_ref: '' }, { image_ref: null }, { image_ref: 'i1' }].map(isOnVolumes)).toEqual([true, true, false]);
  });

  it.each([
    [true, true],
    ['True', true],
    ['no', false],
    [undefined, false],
  ])('with preserve_ephemeral %s keeps it: %s', (given, kept) => {
    expect(keepsEphemeral({ imageRef, preserve_ephemeral: given })).toBe(kept);
  });
});
