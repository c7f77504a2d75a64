import { BuildRequestRepository, RequestSpecRepository } from '@kilonova/api-db';
import { BurialRepository, OperationRepository } from '@kilonova/cell-db';
import { anImage, aVolumeDevice } from '@kilonova/compute-samples';
import { eventually } from '@kilonova/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { PendingServer } from '../../spec-support/pending-server.js';

const cloud = useCloud();
afterEach(() => void vi.restoreAllMocks());

const NOTHING = { instances: 0, operations: 0, instance_actions: 0, block_device_mappings: 0 };
const WAITS = { 'conductor.usePendingState': 'true' };
const cut = new Error('cut');

describe('a server of cell0 that is rebuilt', () => {
  it('is scheduled like a new one, as its rebuild asks for it, and leaves nothing in cell0', async () => {
    const volume = aVolumeDevice();
    const server = await PendingServer.in(cloud, { num_instances: 5 }, [volume]);
    const image = anImage();
    const changes = { display_name: 'anew', image_ref: image.id, system_metadata: { image_base_image_ref: image.id ?? '' } };
    const rebuild = await server.rebuild(changes, image);
    await cloud.conductor('super');
    await eventually(() => expect(cloud.agents1.told).toMatchObject([{ args: { instance_uuid: server.uuid } }]));
    expect(await cloud.instances(cloud.cell1)).toMatchObject([
      { display_name: 'anew', image_ref: image.id, vm_state: 'building', task_state: 'scheduling', fault: null },
    ]);
    expect(await new OperationRepository().find(cloud.cell1, server.uuid)).toMatchObject({
      arguments: { admin_password: 'new', image: { id: image.id }, block_devices: [{ volume_id: volume.volume_id }] },
    });
    expect(cloud.scheduler.asked).toMatchObject([{ request_spec: { num_instances: 1, image: { id: image.id } } }]);
    await eventually(async () => expect(await server.traces()).toEqual(NOTHING));
    expect(await cloud.mappings()).toEqual([{ instance_uuid: server.uuid, cell_id: cloud.cells.cell1.id }]);
    expect([await cloud.buildRequests(), await server.held()]).toEqual([[], 1]);
    expect((await new RequestSpecRepository().find(cloud.api, server.uuid))?.image?.id).toBe(image.id);
    const [action] = await cloud.actions(cloud.cell1);
    expect(action).toMatchObject({ action: 'create', request_id: rebuild?.ctx.requestId });
  });

  it('keeps what is on the volume that it boots from', async () => {
    const onVolume = anImage();
    const server = await PendingServer.in(cloud, { is_bfv: true, image: onVolume }, [aVolumeDevice({ boot_index: 0 })]);
    await server.rebuild();
    await cloud.conductor('super');
    await eventually(() => expect(cloud.agents1.told).toHaveLength(1));
    expect((await new RequestSpecRepository().find(cloud.api, server.uuid))?.image?.id).toBe(onVolume.id);
  });

  it('waits again when there is still no room, by another row', async () => {
    cloud.scheduler.hosts = [];
    const server = await PendingServer.in(cloud);
    const [before] = await server.row();
    await server.rebuild({ display_name: 'anew' });
    await cloud.conductor('super', WAITS);
    await eventually(async () => {
      const [row] = await server.row();
      expect(row).toMatchObject({ vm_state: 'pending', task_state: null, display_name: 'anew' });
      expect(row?.['id']).not.toBe(before?.['id']);
    });
    const inCell0 = [{ instance_uuid: server.uuid, cell_id: cloud.cells.cell0.id }];
    await eventually(async () => expect(await cloud.mappings()).toEqual(inCell0));
    await eventually(async () => expect(await server.traces()).toEqual({ ...NOTHING, instances: 1, instance_actions: 1 }));
    expect([await cloud.buildRequests(), await server.held(), cloud.placement.held.size]).toEqual([[], 1, 0]);
  });

  it('is taken up once, however often it is asked for', async () => {
    const server = await PendingServer.in(cloud);
    const asked = await Promise.all([server.rebuild(), server.rebuild(), server.rebuild()]);
    const [rebuild] = asked.filter((one) => one !== undefined);
    expect(asked.filter((one) => one !== undefined)).toHaveLength(1);
    const conductors = [await cloud.parts(), await cloud.parts()];
    await Promise.all([0, 1, 0, 1].map((index) => conductors[index]?.reviveBoots.run(rebuild?.operation ?? '')));
    expect(await server.traces()).toEqual(NOTHING);
    expect(await cloud.buildRequests()).toHaveLength(1);
    expect(await conductors[0]?.reviveBoots.run(rebuild?.operation ?? '')).toBe(false);
  });

  it('that is deleted before a conductor comes to it is gone', async () => {
    const server = await PendingServer.in(cloud);
    const rebuild = await server.rebuild();
    await server.delete();
    const conductor = await cloud.parts();
    expect(await conductor.reviveBoots.run(rebuild?.operation ?? '')).toBe(false);
    expect([await cloud.buildRequests(), await server.held()]).toEqual([[], 0]);
    expect(await server.traces()).toMatchObject({ instances: 0, operations: 0 });
  });

  it('goes on where a conductor was cut short, whoever was quicker', async () => {
    const server = await PendingServer.in(cloud);
    const rebuild = await server.rebuild();
    const { reviveBoots } = await cloud.parts();
    vi.spyOn(BurialRepository.prototype, 'leave').mockRejectedValueOnce(cut);
    await expect(reviveBoots.run(rebuild?.operation ?? '')).rejects.toBe(cut);
    expect([(await cloud.buildRequests()).length, (await server.traces())['instances']]).toEqual([1, 1]);
    await server.delete();
    await cloud.conductor('super', {
      'sweeper.enabled': 'true',
      'sweeper.overdueSeconds': '0.1',
      'sweeper.intervalSeconds': '0.05',
    });
    await eventually(async () => expect(await server.traces()).toEqual(NOTHING));
    expect([await cloud.buildRequests(), await server.held(), cloud.placement.held.size]).toEqual([[], 0, 0]);
  });

  it('that was buried again meanwhile stays where it is', async () => {
    cloud.scheduler.hosts = [];
    const server = await PendingServer.in(cloud);
    const rebuild = await server.rebuild({ display_name: 'anew' });
    const { reviveBoots, scheduleAndBuild } = await cloud.parts(WAITS);
    const leave = BurialRepository.prototype.leave;
    vi.spyOn(BurialRepository.prototype, 'leave').mockImplementationOnce(async function (this: BurialRepository, sql, revival) {
      await scheduleAndBuild.run(revival.ctx, [server.uuid], 1);
      return leave.call(this, sql, revival);
    });
    await reviveBoots.run(rebuild?.operation ?? '');
    expect(await server.row()).toMatchObject([{ vm_state: 'pending', display_name: 'anew' }]);
    expect(await server.traces()).toMatchObject({ instances: 1, operations: 0 });
    expect(await cloud.mappings()).toMatchObject([{ cell_id: cloud.cells.cell0.id }]);
  });

  it('is left alone once an administrator has set its state', async () => {
    const server = await PendingServer.in(cloud);
    const rebuild = await server.rebuild();
    await new OperationRepository().drop(cloud.cell0, server.uuid);
    const { reviveBoots } = await cloud.parts();
    expect(await reviveBoots.run(rebuild?.operation ?? '')).toBe(false);
    expect(await new BuildRequestRepository().find(cloud.api, server.uuid)).toBeUndefined();
  });
});
