import { randomUUID } from 'node:crypto';
import { systemCtx } from '@kilonova/util';
import { beforeEach, expect, it } from 'vitest';
import type { MemoryVolumes } from './memory/memory-volumes.js';
import type { UserVolumes } from './user-volumes.port.js';
import type { Requester } from './volume.js';
import type { VolumeBench } from './volume-service.contract.js';

const ctx = systemCtx();
const all = { limit: 10, offset: 0 };
const owner: Requester = { token: 'p1', projectId: 'p1', isAdmin: false };
const stranger: Requester = { token: 'p2', projectId: 'p2', isAdmin: false };
const NONE = { outcome: 'refused', reason: 'not-found' };

/** What every volume service promises its users. */
export function userVolumesContract(bench: () => VolumeBench): void {
  let mine: UserVolumes;
  let theirs: UserVolumes;
  let behind: MemoryVolumes;
  let service: VolumeBench['service'];
  beforeEach(() => {
    ({ service, behind } = bench());
    [mine, theirs] = [service.asUser(owner), service.asUser(stranger)];
  });

  it('makes a volume with the words of its user, who alone sees it', async () => {
    const metadata = { k: 'v' };
    const wanted = { size: 2, name: 'n', description: 'd', type: '__DEFAULT__', metadata, availabilityZone: 'z' };
    const made = await mine.createVolume(ctx, wanted);
    if (made.outcome === 'refused') throw new Error(made.message);
    const { id } = made.volume;
    expect(made.volume).toMatchObject({
      ...wanted,
      snapshotId: null,
      attachments: [],
      createdAt: expect.stringMatching(/^2.*T/),
    });
    expect(await mine.volume(ctx, id)).toEqual(made.volume);
    expect(await mine.volumes(ctx, all)).toEqual([made.volume]);
    expect([await theirs.volume(ctx, id), await theirs.volumes(ctx, all)]).toEqual([undefined, []]);
    expect(await theirs.deleteVolume(ctx, id)).toMatchObject(NONE);
    expect([await mine.deleteVolume(ctx, id), await mine.volume(ctx, id)]).toEqual([{ outcome: 'done' }, undefined]);
    for (const what of [id, '../types']) expect(await mine.deleteVolume(ctx, what)).toMatchObject(NONE);
  });

  it('lists in parts', async () => {
    const ids = [1, 2, 3].map(() => behind.add('p1').id).reverse();
    const parts = [await mine.volumes(ctx, { limit: 2, offset: 0 }), await mine.volumes(ctx, { limit: 2, offset: 2 })];
    expect(parts.map((part) => part.map(({ id }) => id))).toEqual([ids.slice(0, 2), ids.slice(2)]);
  });

  it('says which server has a volume, and where; it is not deleted', async () => {
    const { id } = behind.add('p1');
    const server = randomUUID();
    const reserved = await service.reserve(ctx, id, server);
    if (reserved.outcome === 'refused') throw new Error(reserved.message);
    await service.connect(ctx, reserved.attachmentId, { host: 'h1', mountpoint: '/dev/vdb' } as never);
    await service.complete(ctx, reserved.attachmentId);
    expect((await mine.volume(ctx, id))?.attachments).toEqual([{ serverId: server, device: '/dev/vdb' }]);
    expect(await mine.deleteVolume(ctx, id)).toMatchObject({ outcome: 'refused', reason: 'invalid' });
  });

  it('makes a snapshot of a volume, of one in use when forced, and a volume of a snapshot', async () => {
    const { id: volumeId } = behind.add('p1', { size: 3, status: 'in-use' });
    expect(await mine.createSnapshot(ctx, { volumeId, force: false })).toMatchObject({ outcome: 'refused', reason: 'invalid' });
    expect(await theirs.createSnapshot(ctx, { volumeId, force: true })).toMatchObject(NONE);
    const made = await mine.createSnapshot(ctx, { volumeId, force: true, name: 'n', description: 'd' });
    if (made.outcome === 'refused') throw new Error(made.message);
    const { snapshot } = made;
    expect(snapshot).toMatchObject({ volumeId, size: 3, name: 'n', description: 'd' });
    expect([await mine.snapshot(ctx, snapshot.id), await mine.snapshots(ctx, all)]).toEqual([snapshot, [snapshot]]);
    expect([await theirs.snapshot(ctx, snapshot.id), await theirs.snapshots(ctx, all)]).toEqual([undefined, []]);
    const wanted = { size: 3, snapshotId: snapshot.id };
    expect(await mine.createVolume(ctx, wanted)).toMatchObject({ volume: { snapshotId: snapshot.id } });
    expect(await mine.createVolume(ctx, { ...wanted, size: 2 })).toMatchObject({ outcome: 'refused', reason: 'invalid' });
    expect(await theirs.createVolume(ctx, wanted)).toMatchObject(NONE);
    expect(await theirs.deleteSnapshot(ctx, snapshot.id)).toMatchObject(NONE);
    expect([await mine.deleteSnapshot(ctx, snapshot.id), await mine.snapshots(ctx, all)]).toEqual([{ outcome: 'done' }, []]);
  });

  it('does not answer while it is down', async () => {
    behind.isDown = true;
    await expect(mine.volumes(ctx, all)).rejects.toMatchObject({ kind: 'dependency' });
    await expect(mine.createVolume(ctx, { size: 1 })).rejects.toMatchObject({ kind: 'dependency' });
  });
}
