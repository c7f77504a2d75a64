import { rows } from '@kilonova/sql';
import { systemCtx } from '@kilonova/util';
import { beforeEach, describe, expect, it } from 'vitest';
import { useServerCloud } from '../../../spec-support/server-cloud.js';

const ctx = systemCtx();
const who = { token: '', projectId: 'p', isAdmin: false };

describe('images of servers on volumes', () => {
  const cloud = useServerCloud();
  beforeEach(async () => {
    cloud.volumes.isDown = false;
    cloud.images.refusal = undefined;
    await cloud.clear();
    await cloud.host('host1');
  });

  /** A server that runs from a volume of 3 GiB and has another of 2. */
  async function onVolumes(): Promise<{ id: string; root: string; data: string }> {
    const [root, data] = [cloud.volumes.add('p', { bootable: true, size: 3 }), cloud.volumes.add('p', { size: 2 })];
    const of = (uuid: string, boot_index: number) => ({
      uuid,
      boot_index,
      source_type: 'volume',
      destination_type: 'volume',
      delete_on_termination: boot_index === 0,
    });
    const id = await cloud.active({ imageRef: '', block_device_mapping_v2: [of(root.id, 0), of(data.id, -1)] });
    return { id, root: root.id, data: data.id };
  }
  const act = (id: string, action: object, call: object = {}) =>
    cloud.call('POST', `/servers/${id}/action`, { body: action, ...call });
  interface Entry {
    readonly snapshot_id: string;
    readonly [field: string]: unknown;
  }
  const mappingOf = (image: string): Entry[] =>
    JSON.parse(String(cloud.images.documents.get(image)?.['block_device_mapping'])) as Entry[];

  it('have no data, and tell of snapshots', async () => {
    const { id } = await onVolumes();
    const { status, body } = await act(id, { createImage: { name: 'i', metadata: { a: 'b' } } });
    expect(status, JSON.stringify(body)).toBe(202);
    expect(cloud.images.documents.get(body.image_id)).toMatchObject({
      name: 'i',
      status: 'active',
      size: 0,
      disk_format: 'qcow2',
      container_format: 'bare',
      bdm_v2: 'True',
      a: 'b',
    });
    const mapping = mappingOf(body.image_id);
    const common = { source_type: 'snapshot', destination_type: 'volume', volume_id: null };
    expect(mapping).toMatchObject([
      { ...common, boot_index: 0, volume_size: 3, delete_on_termination: true },
      { ...common, boot_index: null, volume_size: 2, delete_on_termination: false },
    ]);
    for (const { snapshot_id } of mapping) expect(await cloud.volumes.findSnapshot(ctx, who, snapshot_id)).toBeDefined();
    const actions = await cloud.call('GET', `/servers/${id}/os-instance-actions`);
    expect(actions.body.instanceActions[0].action).toBe('createImage');
    expect((await cloud.call('GET', `/servers/${id}`)).body.server['OS-EXT-STS:task_state']).toBeNull();
  });

  it('make servers on volumes again, of the same disks or others', async () => {
    const { id } = await onVolumes();
    const { image_id } = (await act(id, { createImage: { name: 'i' } })).body;
    const made = await cloud.create({ imageRef: image_id });
    expect(made.status, JSON.stringify(made.body)).toBe(202);
    const [stored] = await rows<{ spec: { is_bfv: boolean }; devices: object[] }>(
      cloud.api,
      `SELECT s.spec, b.block_device_mappings AS devices FROM request_specs s JOIN build_requests b USING (instance_uuid)
       WHERE instance_uuid = $1`,
      [made.body.server.id],
    );
    const [root, data] = mappingOf(image_id);
    expect([stored?.spec.is_bfv, stored?.devices]).toMatchObject([
      true,
      [
        { source_type: 'snapshot', snapshot_id: root?.snapshot_id, boot_index: 0, volume_size: 3 },
        { source_type: 'snapshot', snapshot_id: data?.snapshot_id, boot_index: null, volume_size: 2 },
      ],
    ]);
    expect((await cloud.call('GET', `/servers/${made.body.server.id}`)).body.server.image).toBe('');
    const own = cloud.volumes.add('p', { bootable: true, size: 9 });
    const device = { uuid: own.id, boot_index: 0, source_type: 'volume', destination_type: 'volume' };
    const other = await cloud.create({ imageRef: image_id, block_device_mapping_v2: [device] });
    expect(other.status, JSON.stringify(other.body)).toBe(202);
    expect((await cloud.volumes.get(ctx, own.id))?.status).toBe('reserved');
  });

  it('hold still together where somebody in the guest listens', async () => {
    const { id } = await onVolumes();
    const order = async (facts: object, outcome = 'told') => {
      await cloud.change(id, { system_metadata: { image_os_require_quiesce: 'no', ...facts } as never });
      cloud.casts.length = 0;
      cloud.onCast = async () => ({ outcome });
      const { status, body } = await act(id, { createImage: { name: 'i' } });
      return [status, body.badRequest?.message, cloud.casts.map(({ method }) => method)];
    };
    const listens = { image_hw_qemu_guest_agent: 'yes' };
    const [silent, required] = [{ image_hw_qemu_guest_agent: 'no' }, { image_os_require_quiesce: 'True' }];
    const both = ['quiesce_guest', 'unquiesce_guest'];
    expect(await order(listens)).toEqual([202, undefined, both]);
    expect(await order({ ...listens, ...required })).toEqual([202, undefined, both]);
    expect(await order(silent)).toEqual([202, undefined, []]);
    for (const outcome of ['unsupported', 'no-agent', 'failed'])
      expect(await order(listens, outcome)).toEqual([202, undefined, ['quiesce_guest']]);
    const noAgent = 'QEMU guest agent is not enabled';
    expect(await order({ ...silent, ...required })).toEqual([400, noAgent, []]);
    expect(await order({ ...listens, ...required }, 'no-agent')).toEqual([400, noAgent, ['quiesce_guest']]);
    expect(await order({ ...listens, ...required }, 'unsupported')).toEqual([
      400,
      `Quiescing is not supported in instance ${id}`,
      ['quiesce_guest'],
    ]);
    expect((await order({ ...listens, ...required }, 'failed'))[0]).toBe(503);
    await cloud.change(id, { vm_state: 'stopped' });
    expect(await order({ ...listens, ...required })).toEqual([202, undefined, []]);
  });

  it('leave nothing behind when a part fails', async () => {
    const { id, data } = await onVolumes();
    const images = cloud.images.documents.size;
    cloud.images.refusal = 413;
    expect((await act(id, { createImage: { name: 'i' } })).status).toBe(413);
    cloud.images.refusal = undefined;
    await cloud.volumes.delete(ctx, data);
    cloud.volumes.isDown = true;
    expect((await act(id, { createImage: { name: 'i' } })).status).toBe(503);
    expect(cloud.images.documents.size).toBe(images);
  });

  it('are refused to whom the policy does not allow them, in other states, and as backups', async () => {
    const { id } = await onVolumes();
    expect((await act(id, { createImage: { name: 'i' } }, { roles: 'reader' })).status).toBe(403);
    const backup = await act(id, { createBackup: { name: 'b', backup_type: 'daily', rotation: 1 } });
    expect([backup.status, backup.body.badRequest.message]).toEqual([
      400,
      'Backup is not supported for volume-backed instances.',
    ]);
    await cloud.change(id, { vm_state: 'rescued' });
    expect((await act(id, { createImage: { name: 'i' } })).status).toBe(409);
  });

  it('that say nothing sensible make no servers', async () => {
    const { id } = await onVolumes();
    const { image_id } = (await act(id, { createImage: { name: 'i' } })).body;
    const document = cloud.images.documents.get(image_id) ?? {};
    const broken = 'aaaaaaaa-0000-4000-8000-000000000001';
    for (const block_device_mapping of ['{', '{}', '[1]', '[{"source_type":"snapshot","boot_index":0}]']) {
      cloud.images.documents.set(broken, { ...document, id: broken, status: 'queued', block_device_mapping });
      const { status, body } = await cloud.create({ imageRef: broken });
      expect([status, body.badRequest.message]).toEqual([400, expect.stringContaining('Block Device Mapping is Invalid')]);
    }
  });

  it('are not made by a shelve, which offloads such a server at once', async () => {
    const { id } = await onVolumes();
    const images = cloud.images.documents.size;
    expect((await act(id, { shelve: null })).status).toBe(202);
    const { server } = (await cloud.call('GET', `/servers/${id}`)).body;
    expect([server['OS-EXT-STS:task_state'], cloud.images.documents.size]).toEqual(['shelving_offloading', images]);
    const [operation] = await rows(cloud.cell1, 'SELECT name FROM operations WHERE instance_uuid = $1', [id]);
    expect(operation).toEqual({ name: 'shelveOffload' });
    const actions = await cloud.call('GET', `/servers/${id}/os-instance-actions`);
    expect(actions.body.instanceActions[0].action).toBe('shelve');
  });
});
