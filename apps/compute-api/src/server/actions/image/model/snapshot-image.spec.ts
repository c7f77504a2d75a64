import type { Instance } from '@kilonova/compute-objects';
import { describe, expect, it } from 'vitest';
import { checkFree, snapshotImage } from './snapshot-image.js';

const server = {
  uuid: 'i1',
  project_id: 'p',
  flavor: { root_gb: 5 },
  system_metadata: {
    image_base_image_ref: 'b1',
    image_name: 'cirros',
    image_disk_format: 'qcow2',
    image_container_format: 'bare',
    image_min_ram: '64',
    image_min_disk: '1',
    image_hw_rng_model: 'virtio',
    image_img_signature: 'x',
    owner_user_name: 'ann',
    owner_project_name: 'lab',
    boot_roles: 'member,reader',
    old_vm_state: 'active',
  },
} as unknown as Instance;
const wish = { name: 'snap', type: 'snapshot', properties: { purpose: 'test', instance_uuid: 'forged' } } as const;

describe('the image of a server', () => {
  it('takes over what the next server made of it needs, and says what it is', () => {
    expect(snapshotImage(server, { userId: 'u', projectId: 'p' }, wish)).toEqual({
      name: 'snap',
      visibility: 'private',
      disk_format: 'qcow2',
      container_format: 'bare',
      min_ram: 64,
      min_disk: 5,
      properties: {
        base_image_ref: 'b1',
        hw_rng_model: 'virtio',
        owner_user_name: 'ann',
        owner_project_name: 'lab',
        boot_roles: 'member,reader',
        purpose: 'test',
        instance_uuid: 'i1',
        user_id: 'u',
        image_type: 'snapshot',
      },
    });
  });

  it('made by somebody of another project says whose server it was', () => {
    expect(snapshotImage(server, { userId: 'root', projectId: 'admin' }, wish)).toMatchObject({
      visibility: 'shared',
      properties: { instance_owner: 'p', user_id: 'root' },
    });
  });

  it('is of the type that its metadata says; a backup is a backup, as its rotation goes by that', () => {
    const typed = { ...wish, properties: { image_type: 'golden' } };
    expect(snapshotImage(server, { userId: 'u', projectId: 'p' }, typed).properties?.['image_type']).toBe('golden');
    const backup = { ...typed, type: 'backup' } as const;
    expect(snapshotImage(server, { userId: 'u', projectId: 'p' }, backup).properties?.['image_type']).toBe('backup');
  });

  it('of a server whose image told nothing is a raw disk', () => {
    const bare = { ...server, system_metadata: { image_disk_format: '', image_container_format: '' } };
    expect(snapshotImage(bare, { userId: 'u', projectId: 'p' }, wish)).toMatchObject({
      disk_format: 'raw',
      container_format: 'bare',
      min_ram: 0,
      min_disk: 5,
    });
  });

  it.each(['visibility', 'id', 'status', 'os_glance_x'])('is not given %s as metadata', (name) => {
    expect(() => checkFree({ [name]: 'x' })).toThrow(`'${name}'`);
    expect(() => checkFree({ purpose: 'x' })).not.toThrow();
  });
});
