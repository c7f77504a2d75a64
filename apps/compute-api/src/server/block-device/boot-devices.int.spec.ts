import { rows } from '@kilonova/sql';
import { systemCtx } from '@kilonova/util';
import { beforeEach, describe, expect, it } from 'vitest';
import { IMAGE, imageDocument } from '../../spec-support/image-shelf.js';
import { useServerCloud } from '../../spec-support/server-cloud.js';

const ctx = systemCtx();

describe('servers with volumes', () => {
  const cloud = useServerCloud({ quota: { instances: 3 } });
  beforeEach(async () => {
    cloud.volumes.isDown = false;
    await cloud.clear();
  });

  const statusOf = async (id: string) => (await cloud.volumes.get(ctx, id))?.status;
  const fromVolume = (uuid: string, more: object = {}) => ({
    imageRef: '',
    block_device_mapping_v2: [{ source_type: 'volume', destination_type: 'volume', boot_index: 0, uuid, ...more }],
  });
  const stored = async () =>
    (await rows<{ spec: { is_bfv: boolean; image: { id: string | null } } }>(cloud.api, 'SELECT spec FROM request_specs'))[0]
      ?.spec;

  it('boot from a volume, which is theirs from then on', async () => {
    const { id } = cloud.volumes.add('p', { bootable: true, size: 2, imageMetadata: { min_disk: '1', os_type: 'linux' } });
    const { status, body } = await cloud.create(fromVolume(id, { delete_on_termination: true }));
    expect(status, JSON.stringify(body)).toBe(202);
    expect(await statusOf(id)).toBe('reserved');
    const { body: shown } = await cloud.call('GET', `/servers/${body.server.id}`);
    expect(shown.server).toMatchObject({
      image: '',
      'os-extended-volumes:volumes_attached': [{ id, delete_on_termination: true }],
    });
    expect(await stored()).toMatchObject({ is_bfv: true, image: { id: null, min_disk: 1, properties: { os_type: 'linux' } } });
    const again = await cloud.create(fromVolume(id));
    expect(again.body.badRequest.message).toMatch(/^Invalid volume: Volume .* status must be available/);
  });

  it('boot from a volume that is made of an image, also with a flavor without a disk', async () => {
    const device = { source_type: 'image', destination_type: 'volume', boot_index: 0, uuid: IMAGE, volume_size: 3 };
    const { body } = await cloud.create({ imageRef: '', flavorRef: 'f0', block_device_mapping_v2: [device] });
    const { body: list } = await cloud.call('GET', '/servers/detail');
    const [volume] = list.servers[0]['os-extended-volumes:volumes_attached'];
    expect([list.servers[0].id, list.servers[0].image]).toEqual([body.server.id, '']);
    expect(await cloud.volumes.get(ctx, volume.id)).toMatchObject({ size: 3, bootable: true });
    expect(await stored()).toMatchObject({ is_bfv: true, image: { id: IMAGE } });
  });

  it('say why they cannot have a volume', async () => {
    const [foreign, data] = [cloud.volumes.add('other', { bootable: true }), cloud.volumes.add('p')];
    const shared = cloud.volumes.add('p', { bootable: true, multiattach: true });
    const small = cloud.volumes.add('p', { bootable: true, imageMetadata: { min_disk: '9' } });
    const cases: Array<[Record<string, unknown>, string, string]> = [
      [fromVolume(foreign.id), '2.96', `Block Device Mapping is Invalid: failed to get volume ${foreign.id}.`],
      [fromVolume(data.id), '2.96', `Block Device ${data.id} is not bootable.`],
      [fromVolume(shared.id), '2.59', 'Multiattach volumes are only supported starting with compute API version 2.60.'],
      [fromVolume(small.id), '2.96', 'Volume is smaller than the minimum size specified in image metadata.'],
      [{ ...fromVolume(shared.id), min_count: 2 }, '2.96', 'Cannot attach one or more volumes to multiple instances'],
      [
        { block_device_mapping_v2: [{ source_type: 'snapshot', uuid: foreign.id }] },
        '2.96',
        `Block Device Mapping is Invalid: failed to get snapshot ${foreign.id}.`,
      ],
      [
        { block_device_mapping_v2: [{ source_type: 'blank', destination_type: 'volume', volume_size: 1, volume_type: 'gold' }] },
        '2.96',
        'Volume type gold could not be found.',
      ],
      [
        { block_device_mapping_v2: [{ source_type: 'blank', destination_type: 'local', volume_size: 5 }] },
        '2.96',
        'Ephemeral disks',
      ],
      [
        { block_device_mapping_v2: [{ source_type: 'blank', destination_type: 'local', guest_format: 'swap', volume_size: 5 }] },
        '2.96',
        'Swap drive requested is larger than instance type allows.',
      ],
    ];
    for (const [server, at, message] of cases) {
      const { status, body } = await cloud.create(server, { at });
      expect([status, body.badRequest?.message]).toEqual([400, expect.stringContaining(message)]);
    }
    expect(await Promise.all([foreign, data, shared, small].map(({ id }) => statusOf(id)))).toEqual(
      Array.from({ length: 4 }, () => 'available'),
    );
  });

  it('give back what was reserved and made when there is no room for them', async () => {
    const { id } = cloud.volumes.add('p', { bootable: true });
    for (let n = 0; n < 3; n++) await cloud.create();
    expect((await cloud.create(fromVolume(id))).status).toBe(403);
    expect(await statusOf(id)).toBe('available');
    const broken = cloud.volumes.add('p', { status: 'error' });
    const devices = [
      ...fromVolume(id).block_device_mapping_v2,
      { source_type: 'volume', destination_type: 'volume', uuid: broken.id, boot_index: null },
    ];
    await cloud.clear();
    expect((await cloud.create({ imageRef: '', block_device_mapping_v2: devices })).status).toBe(400);
    expect(await statusOf(id)).toBe('available');
  });

  it('let their volumes go when they are given up, or deleted without an agent', async () => {
    const volumes = [cloud.volumes.add('p', { bootable: true }), cloud.volumes.add('p', { bootable: true })] as const;
    const waiting = await cloud.createdId(fromVolume(volumes[0].id, { delete_on_termination: true }));
    const failed = await cloud.createdId(fromVolume(volumes[1].id));
    await cloud.place(failed, { vm_state: 'error', task_state: null, host: null }, 1);
    for (const id of [waiting, failed]) expect((await cloud.call('DELETE', `/servers/${id}`)).status).toBe(204);
    expect(await Promise.all(volumes.map(({ id }) => statusOf(id)))).toEqual([undefined, 'available']);
  });

  it('are deleted also while the volume service is down, and not made', async () => {
    const { id } = cloud.volumes.add('p', { bootable: true });
    const server = await cloud.createdId(fromVolume(id));
    cloud.volumes.isDown = true;
    expect((await cloud.create(fromVolume(id))).status).toBe(503);
    expect((await cloud.call('DELETE', `/servers/${server}`)).status).toBe(204);
  });

  it('are refused an image that is too big for its volume', async () => {
    const big = '00000000-0000-4000-8000-000000000004';
    cloud.images.documents.set(big, imageDocument({ id: big, min_disk: 7 }));
    const device = { source_type: 'image', destination_type: 'volume', boot_index: 0, uuid: big, volume_size: 3 };
    const { body } = await cloud.create({ imageRef: '', block_device_mapping_v2: [device] });
    expect(body.badRequest.message).toContain('Volume is smaller than the minimum size specified in image metadata.');
  });
});
