import { randomUUID } from 'node:crypto';
import type { BlockDevice, OperationName } from '@kilonova/compute-objects';
import { aVolumeDevice } from '@kilonova/compute-samples';
import { systemCtx } from '@kilonova/util';
import type { FakeBehaviour } from '@kilonova/virt';
import { MemoryVolumes } from '@kilonova/volume-client';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ManagedHost } from '../host/managed-host.js';
import { FakeCell, managedHost } from '../spec-support/fake-cell.js';
import { runSteps } from '../spec-support/run-steps.js';

const ctx = systemCtx();
let volumes: MemoryVolumes;
let behaviour: Partial<FakeBehaviour>;
let host: ManagedHost;
let events: string[];

const run = (cell: FakeCell): Promise<void> => runSteps(host, cell);

/** A volume of the server, reserved for it as the API does. */
async function reservedFor(cell: FakeCell, given: Partial<BlockDevice> = {}): Promise<BlockDevice & { volume_id: string }> {
  const { id } = volumes.add('p1');
  const reserved = await volumes.reserve(ctx, id, cell.instance.uuid);
  if (reserved.outcome === 'refused') throw new Error(reserved.message);
  const device = aVolumeDevice({ volume_id: id, attachment_id: reserved.attachmentId, ...given });
  cell.devices = [...cell.devices, device];
  return { ...device, volume_id: id };
}

const cellOf = (operation: OperationName): FakeCell => new FakeCell(operation);
const statusOf = async (id: string) => (await volumes.get(ctx, id))?.status;

beforeEach(() => {
  volumes = new MemoryVolumes();
  behaviour = {};
  events = [];
  host = managedHost(events, () => behaviour, 'h', volumes);
});

describe('a build with volumes', () => {
  it('opens them to the host, gives them to the guest, and completes them', async () => {
    const cell = cellOf('build');
    const root = await reservedFor(cell, { boot_index: 0 });
    const made = aVolumeDevice({ volume_id: volumes.add('p1').id, attachment_id: null });
    cell.devices = [...cell.devices, made];
    await run(cell);
    expect(host.driver.volumes(cell.instance.uuid)).toEqual([root.volume_id, made.volume_id]);
    expect([await statusOf(root.volume_id), await statusOf(made.volume_id ?? '')]).toEqual(['in-use', 'in-use']);
    const [attachment] = await volumes.attachments(ctx, made.volume_id ?? '', cell.instance.uuid);
    expect(cell.finished[0]?.updates.block_devices).toEqual([
      { uuid: root.uuid, attachment_id: root.attachment_id },
      { uuid: made.uuid, attachment_id: attachment?.id },
    ]);
  });

  it('waits for a volume that is being made, and fails when it never is', async () => {
    const cell = cellOf('build');
    cell.devices = [aVolumeDevice({ volume_id: volumes.add('p1', { status: 'creating' }).id })];
    await run(cell);
    expect(cell.finished[0]?.fault?.details).toContain('did not finish being created; its status is creating');
    expect(host.driver.guests()).toEqual([]);
  });

  it('takes a volume over that an earlier attempt opened to another host', async () => {
    const cell = cellOf('build');
    const root = await reservedFor(cell);
    await volumes.connect(ctx, root.attachment_id ?? '', { ...host.driver.volumeConnector(), host: 'elsewhere' });
    await run(cell);
    expect(await volumes.attachments(ctx, root.volume_id, cell.instance.uuid)).toMatchObject([{ host: 'h' }]);
    expect(cell.finished[0]?.fault).toBeUndefined();
  });

  it('fails where the volume service is down, without telling tenants more', async () => {
    const cell = cellOf('build');
    await reservedFor(cell);
    volumes.isDown = true;
    await run(cell);
    expect(cell.finished[0]?.fault?.details).toContain('The volume service cannot be reached.');
  });
});

describe('a delete', () => {
  it('lets the volumes go, and deletes those that go with the server', async () => {
    const cell = cellOf('delete');
    const [kept, dropped] = [await reservedFor(cell), await reservedFor(cell, { delete_on_termination: true })];
    await run(cell);
    expect([await statusOf(kept.volume_id), await statusOf(dropped.volume_id)]).toEqual(['available', undefined]);
    expect(cell.instance.vm_state).toBe('deleted');
  });

  it('is not kept from its end by a volume service that is down', async () => {
    const cell = cellOf('delete');
    await reservedFor(cell);
    volumes.isDown = true;
    await run(cell);
    expect(cell.instance.vm_state).toBe('deleted');
  });

  it('passes over a volume that is gone', async () => {
    const cell = cellOf('delete');
    cell.devices = [aVolumeDevice({ volume_id: randomUUID(), delete_on_termination: true })];
    await run(cell);
    expect(cell.instance.vm_state).toBe('deleted');
  });
});

describe('a server that leaves its host for the shelf', () => {
  it('keeps its volumes for itself, open to no host', async () => {
    const cell = cellOf('build');
    const disk = await reservedFor(cell);
    await run(cell);
    cell.begin('shelveOffload');
    await run(cell);
    const [attachment, ...others] = await volumes.attachments(ctx, disk.volume_id, cell.instance.uuid);
    expect([attachment?.host, others, await statusOf(disk.volume_id)]).toEqual([null, [], 'reserved']);
    expect(cell.finished.at(-1)?.updates).toMatchObject({ block_devices: [{ uuid: disk.uuid, attachment_id: attachment?.id }] });
    expect([host.driver.guests(), host.driver.volumes(cell.instance.uuid)]).toEqual([[], []]);
  });

  it('leaves all the same while the volume service is down', async () => {
    const cell = cellOf('build');
    await reservedFor(cell);
    await run(cell);
    volumes.isDown = true;
    cell.begin('shelveOffload');
    await run(cell);
    expect([cell.finished.at(-1)?.fault, host.driver.guests()]).toEqual([undefined, []]);
  });
});

describe('a volume of a running guest', () => {
  /** A running guest, with the operation on the volume that its cell has. */
  async function running(operation: OperationName, device: (cell: FakeCell) => Promise<BlockDevice & { volume_id: string }>) {
    const cell = new FakeCell(operation, { vm_state: 'active', task_state: null, host: 'h' });
    await host.driver.spawn({ instance: cell.instance, image: null, admin_password: null }, AbortSignal.timeout(5_000));
    const disk = await device(cell);
    cell.arguments = { subject: { volume_id: disk.volume_id }, block_device: disk.uuid };
    return { cell, disk };
  }

  /** A volume that the guest has. */
  async function attached(cell: FakeCell) {
    const disk = await reservedFor(cell);
    const { volume, update } = await host.volumes.open(ctx, cell.instance.uuid, disk, AbortSignal.timeout(5_000));
    await host.driver.attachVolume(cell.instance.uuid, volume, AbortSignal.timeout(5_000));
    await host.volumes.completeAll(ctx, [update]);
    return disk;
  }

  it('is attached', async () => {
    const { cell, disk } = await running('attachVolume', reservedFor);
    await run(cell);
    expect([host.driver.volumes(cell.instance.uuid), await statusOf(disk.volume_id)]).toEqual([[disk.volume_id], 'in-use']);
    expect(cell.finished[0]?.updates.block_devices).toEqual([{ uuid: disk.uuid, attachment_id: disk.attachment_id }]);
    expect(events).toEqual(['instance.volume_attach.start', 'instance.volume_attach.end']);
  });

  it('that cannot be attached is let go, and the server has it no more', async () => {
    behaviour = { failing: ['*:attachVolume'] };
    const { cell, disk } = await running('attachVolume', reservedFor);
    await run(cell);
    expect([host.driver.volumes(cell.instance.uuid), await statusOf(disk.volume_id)]).toEqual([[], 'available']);
    expect(cell.finished[0]).toMatchObject({
      fault: { code: 500 },
      updates: { block_devices: [{ uuid: disk.uuid, removed: true }] },
    });
    expect([cell.instance.vm_state, events.at(-1)]).toEqual(['active', 'instance.volume_attach.error']);
  });

  it('is detached', async () => {
    const { cell, disk } = await running('detachVolume', attached);
    await volumes.beginDetaching(ctx, disk.volume_id);
    await run(cell);
    expect([host.driver.volumes(cell.instance.uuid), await statusOf(disk.volume_id)]).toEqual([[], 'available']);
    expect(cell.finished[0]?.updates.block_devices).toEqual([{ uuid: disk.uuid, removed: true }]);
    expect(events).toEqual(['instance.volume_detach.start', 'instance.volume_detach.end']);
  });

  it('has grown, which its guest and its cell see', async () => {
    const { cell, disk } = await running('extendVolume', attached);
    volumes.resize(disk.volume_id, 7);
    await run(cell);
    expect(cell.finished[0]).toMatchObject({ updates: { block_devices: [{ uuid: disk.uuid, volume_size: 7 }] } });
    expect([cell.finished[0]?.fault, await statusOf(disk.volume_id), events]).toEqual([undefined, 'in-use', []]);
  });

  it.each([
    ['createVolumeSnapshot', [], 'creating'],
    ['createVolumeSnapshot', ['*:createVolumeSnapshot'], 'error'],
    ['deleteVolumeSnapshot', [], 'deleting'],
    ['deleteVolumeSnapshot', ['*:deleteVolumeSnapshot'], 'error_deleting'],
  ] as const)('%s, where the hypervisor lacks %o, leaves the snapshot %s', async (operation, unsupported, status) => {
    behaviour = { unsupported };
    const { cell, disk } = await running(operation, attached);
    const { id } = volumes.addSnapshot('p1', 1);
    cell.arguments = { ...cell.arguments, subject: { volume_id: disk.volume_id }, snapshot_id: id, info: { type: 'qcow2' } };
    await run(cell);
    const owner = volumes.asUser({ token: '', projectId: 'p1', isAdmin: false });
    expect((await owner.snapshot(ctx, id))?.status).toBe(status);
    expect([cell.instance.vm_state, cell.finished[0]?.fault === undefined]).toEqual(['active', unsupported.length === 0]);
  });

  it('that has grown where the server does not have it any more changes nothing', async () => {
    const { cell, disk } = await running('extendVolume', attached);
    cell.devices = [];
    volumes.resize(disk.volume_id, 7);
    await run(cell);
    expect(cell.finished[0]).toMatchObject({ updates: {} });
  });

  it('that the guest does not let go stays', async () => {
    behaviour = { failing: ['*:detachVolume'] };
    const { cell, disk } = await running('detachVolume', attached);
    await volumes.beginDetaching(ctx, disk.volume_id);
    await run(cell);
    expect([host.driver.volumes(cell.instance.uuid), await statusOf(disk.volume_id)]).toEqual([[disk.volume_id], 'in-use']);
    expect(cell.finished[0]?.updates.block_devices).toBeUndefined();
  });

  it.each([
    ['is swapped for another', [], 1],
    ['stays when it cannot be swapped', ['*:swapVolume'], 0],
  ] as const)('%s', async (_what, failing, place) => {
    behaviour = { failing };
    const { cell, disk } = await running('swapVolume', attached);
    const next = volumes.add('p1');
    await volumes.reserve(ctx, next.id, cell.instance.uuid);
    cell.arguments = { ...cell.arguments, subject: { volume_id: disk.volume_id, new_volume_id: next.id } };
    await run(cell);
    const kept = [disk.volume_id, next.id][place] as string;
    const left = [next.id, disk.volume_id][place] as string;
    expect([host.driver.volumes(cell.instance.uuid), await statusOf(kept), await statusOf(left)]).toEqual([
      [kept],
      'in-use',
      'available',
    ]);
    expect(cell.finished[0]?.updates.block_devices?.[0]?.volume_id).toBe(place === 1 ? next.id : undefined);
    expect((await volumes.get(ctx, disk.volume_id))?.migrationStatus).toBe(place === 1 ? 'success' : 'error');
  });
});
