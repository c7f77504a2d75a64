import { randomUUID } from 'node:crypto';
import { systemCtx } from '@kilonova/util';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MemoryVolumes } from './memory/memory-volumes.js';
import { userVolumesContract } from './user-volumes.contract.js';
import type { Requester } from './volume.js';
import type { VolumeService } from './volume-service.port.js';

/** A volume service under test, and the map behind it, which the test fills as an operator would. */
export interface VolumeBench {
  readonly service: VolumeService;
  readonly behind: MemoryVolumes;
}

const ctx = systemCtx();
const connector = { host: 'h1', ip: '127.0.0.1', initiator: 'iqn', multipath: false, platform: 'x86_64', os_type: 'linux' };
const owner: Requester = { token: 'p1', projectId: 'p1', isAdmin: false };
const stranger: Requester = { token: 'p2', projectId: 'p2', isAdmin: false };

/** What every volume service promises. */
export function volumeContract(bench: () => VolumeBench): void {
  let service: VolumeService;
  let behind: MemoryVolumes;
  let server: string;

  const reserved = async (volumeId: string): Promise<string> => {
    const outcome = await service.reserve(ctx, volumeId, server);
    if (outcome.outcome === 'refused') throw new Error(outcome.message);
    return outcome.attachmentId;
  };
  const statusOf = async (volumeId: string) => (await service.get(ctx, volumeId))?.status;

  beforeEach(() => {
    ({ service, behind } = bench());
    server = randomUUID();
  });

  it('shows a volume to its project and to the service itself, and to nobody else', async () => {
    const { id } = behind.add('p1', { size: 5, bootable: true, imageMetadata: { image_name: 'cirros' } });
    const wanted = { id, size: 5, bootable: true, status: 'available', imageMetadata: { image_name: 'cirros' } };
    expect(await service.find(ctx, owner, id)).toMatchObject(wanted);
    expect(await service.get(ctx, id)).toMatchObject(wanted);
    expect([await service.find(ctx, stranger, id), await service.get(ctx, randomUUID())]).toEqual([undefined, undefined]);
  });

  it('shows a snapshot to its project alone, and knows types', async () => {
    const { id } = behind.addSnapshot('p1', 3);
    expect(await service.findSnapshot(ctx, owner, id)).toMatchObject({ id, size: 3 });
    expect(await service.findSnapshot(ctx, stranger, id)).toBeUndefined();
    expect([await service.hasType(ctx, owner, '__DEFAULT__'), await service.hasType(ctx, owner, 'none')]).toEqual([true, false]);
  });

  it('makes a snapshot of a volume, whatever it is used for, in the name of who may see it', async () => {
    const { id } = behind.add('p1', { status: 'in-use', size: 3 });
    const made = await service.createSnapshot(ctx, owner, id, 'n');
    if (made.outcome === 'refused') throw new Error(made.message);
    expect(await service.findSnapshot(ctx, owner, made.snapshot.id)).toMatchObject({ id: made.snapshot.id, size: 3 });
    expect(await service.createSnapshot(ctx, stranger, id, 'n')).toMatchObject({ outcome: 'refused', reason: 'not-found' });
    for (const _ of [1, 2]) await service.deleteSnapshot(ctx, made.snapshot.id);
    expect(await service.findSnapshot(ctx, owner, made.snapshot.id)).toBeUndefined();
  });

  it('notes how far a hypervisor is with a snapshot, also of one that is gone', async () => {
    const { id } = behind.addSnapshot('p1', 3);
    await service.setSnapshotStatus(ctx, id, 'error_deleting');
    expect((await service.asUser(owner).snapshot(ctx, id))?.status).toBe('error_deleting');
    await service.setSnapshotStatus(ctx, randomUUID(), 'creating');
  });

  it("makes a volume that is the requester's", async () => {
    const made = await service.create(ctx, owner, { size: 2, imageId: randomUUID() });
    if (made.outcome === 'refused') throw new Error(made.message);
    expect(await service.find(ctx, owner, made.volumeId)).toMatchObject({ size: 2, bootable: true });
    expect(await service.find(ctx, stranger, made.volumeId)).toBeUndefined();
  });

  it('keeps a volume for one server', async () => {
    const { id } = behind.add('p1');
    const attachmentId = await reserved(id);
    expect(await service.attachments(ctx, id, server)).toEqual([
      { id: attachmentId, volumeId: id, serverId: server, host: null },
    ]);
    expect(await service.reserve(ctx, id, randomUUID())).toMatchObject({ outcome: 'refused', reason: 'invalid' });
    expect(await service.reserve(ctx, randomUUID(), server)).toMatchObject({ outcome: 'refused', reason: 'not-found' });
    await service.release(ctx, attachmentId);
    expect([await statusOf(id), await service.attachments(ctx, id, server)]).toEqual(['available', []]);
  });

  it('lets servers share a volume that is made for it', async () => {
    const { id } = behind.add('p1', { multiattach: true });
    await reserved(id);
    expect(await service.reserve(ctx, id, randomUUID())).toMatchObject({ outcome: 'done' });
  });

  it('connects a volume to a host, as often as it is told, and completes it', async () => {
    const { id } = behind.add('p1');
    const attachmentId = await reserved(id);
    const connect = () => service.connect(ctx, attachmentId, { ...connector, mountpoint: '/dev/vdb' });
    const first = await connect();
    expect(first).toMatchObject({ outcome: 'done', connection: { driver_volume_type: expect.any(String) } });
    expect(await connect()).toEqual(first);
    await service.complete(ctx, attachmentId);
    expect(await statusOf(id)).toBe('in-use');
    expect(await service.attachments(ctx, id, server)).toMatchObject([{ host: 'h1' }]);
    expect(await service.connect(ctx, randomUUID(), connector)).toMatchObject({ outcome: 'refused', reason: 'not-found' });
  });

  it('detaches, or takes the beginning of it back', async () => {
    const { id } = behind.add('p1');
    expect(await service.beginDetaching(ctx, id)).toMatchObject({ outcome: 'refused', reason: 'invalid' });
    const attachmentId = await reserved(id);
    await service.connect(ctx, attachmentId, connector);
    await service.complete(ctx, attachmentId);
    expect([await service.beginDetaching(ctx, id), await statusOf(id)]).toEqual([{ outcome: 'done' }, 'detaching']);
    await service.rollDetaching(ctx, id);
    expect(await statusOf(id)).toBe('in-use');
    for (const _ of [1, 2]) await service.release(ctx, attachmentId);
    expect(await statusOf(id)).toBe('available');
  });

  it('deletes a volume that nobody uses', async () => {
    const { id } = behind.add('p1');
    const attachmentId = await reserved(id);
    expect(await service.delete(ctx, id)).toBe('refused');
    await service.release(ctx, attachmentId);
    expect([await service.delete(ctx, id), await service.delete(ctx, id)]).toEqual(['deleted', 'gone']);
  });

  it('puts another image on a volume that is kept for a server, and on no other that is in use', async () => {
    const { id } = behind.add('p1', { bootable: true, imageMetadata: { image_id: 'old' } });
    const image = randomUUID();
    behind.keepsImagesWaiting = true;
    const attachmentId = await reserved(id);
    expect([await service.reimage(ctx, id, image), await statusOf(id)]).toEqual([{ outcome: 'done' }, 'downloading']);
    expect(await service.reimage(ctx, id, image)).toMatchObject({ outcome: 'refused', reason: 'invalid' });
    behind.arrived(id);
    expect(await service.get(ctx, id)).toMatchObject({ status: 'reserved', imageMetadata: { image_id: image } });
    await service.connect(ctx, attachmentId, connector);
    await service.complete(ctx, attachmentId);
    expect(await service.reimage(ctx, id, image)).toMatchObject({ outcome: 'refused', reason: 'invalid' });
    await reserved(id);
    await service.release(ctx, attachmentId);
    expect([await statusOf(id), await service.reimage(ctx, id, image)]).toEqual(['reserved', { outcome: 'done' }]);
    expect(await service.reimage(ctx, randomUUID(), image)).toMatchObject({ outcome: 'refused', reason: 'not-found' });
  });

  it('ends the migration of a volume', async () => {
    const [from, to] = [behind.add('p1', { migrationStatus: 'migrating' }), behind.add('p1')];
    expect(await service.completeMigration(ctx, from.id, to.id, false)).toBe(to.id);
    expect((await service.get(ctx, from.id))?.migrationStatus).toBe('success');
  });

  describe('for its users', () => userVolumesContract(bench));

  describe('while it is down', () => {
    it('is a dependency that does not answer', async () => {
      const { id } = behind.add('p1');
      behind.isDown = true;
      await expect(service.get(ctx, id)).rejects.toMatchObject({ kind: 'dependency' });
      await expect(service.release(ctx, id)).rejects.toMatchObject({ kind: 'dependency' });
    });
  });
}
