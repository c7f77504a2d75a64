import { OperationRepository } from '@kilonova/cell-db';
import { type Instance, messages, type TakeStep, unplaced } from '@kilonova/compute-objects';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { beforeEach, describe, expect, it } from 'vitest';
import { AgentsOfCell } from '../../spec-support/agents-of-cell.js';
import { useCloud } from '../../spec-support/cloud.js';
import { LARGER, useMoves } from '../../spec-support/moves.js';

const cloud = useCloud();
const moves = useMoves(cloud, 'h1', 'h2');
const agents = new AgentsOfCell(cloud);

beforeEach(() => moves.conductors());

const vgpus = (...devices: string[]) => ({ resource_class: 'VGPU', amount: 1, devices });
const assign = (step: TakeStep, ...wanted: Array<ReturnType<typeof vgpus>>) =>
  agents.call(messages.assignDevices, { ...step, wanted });
const given = async (uuid: string): Promise<string[]> =>
  (
    await rows<{ what: string }>(
      cloud.cell1,
      `SELECT host || ' ' || device AS what FROM guest_devices WHERE instance_uuid = $1 ORDER BY host, device`,
      [uuid],
    )
  ).map(({ what }) => what);
/** A server on h1 with device `a` of it. */
async function equipped(): Promise<Instance> {
  const server = await moves.server();
  await rows(
    cloud.cell1,
    `INSERT INTO guest_devices (host, device, instance_uuid, resource_class) VALUES ('h1', 'a', $1, 'VGPU')`,
    [server.uuid],
  );
  return server;
}

describe('devices of a host', () => {
  it('are assigned once, to the server that the agent builds, and known when it takes the step again', async () => {
    const [first, second] = [await agents.sent(), await agents.sent()];
    const taken = await agents.take(first);
    expect(taken).toMatchObject({ claim: { allocations: expect.any(Object) } });
    expect('devices' in taken).toBe(false);
    await agents.take(second);
    const both = await Promise.all([first, second].map((step) => assign(step, vgpus('a', 'b'))));
    const devices = both.flatMap((result) => (result.outcome === 'assigned' ? result.devices.map(({ device }) => device) : []));
    expect(devices.sort()).toEqual(['a', 'b']);
    expect(await agents.take(first)).toMatchObject({
      resumed: true,
      devices: [{ resource_class: 'VGPU', migration_uuid: null }],
    });
  });

  it('are all assigned that are wanted, or none; and none for a step that is not the agent’s', async () => {
    const [first, second] = [await agents.sent(), await agents.sent('h2')];
    expect(await assign(first, vgpus('a'))).toEqual({ outcome: 'stale' });
    await agents.take(first);
    expect(await assign(first, vgpus('a'), { ...vgpus('c', 'd'), amount: 3 })).toEqual({ outcome: 'none-free' });
    expect(await given(first.instance_uuid)).toEqual([]);
    await agents.take(second);
    expect(await assign(first, vgpus('a'), { ...vgpus('c', 'd'), amount: 2 })).toMatchObject({ outcome: 'assigned' });
    expect(await given(first.instance_uuid)).toEqual(['h1 a', 'h1 c', 'h1 d']);
    expect(await assign(second, vgpus('a'))).toMatchObject({ outcome: 'assigned', devices: [{ device: 'a' }] });
  });

  it('are given back before the claim of a build that failed, and of a server that is deleted', async () => {
    const step = await agents.sent('h1', ['h2']);
    await agents.take(step);
    await assign(step, vgpus('a'));
    await agents.fail(step);
    await eventually(async () => expect(await agents.stepOf(step.instance_uuid)).toMatchObject({ host: 'h2' }));
    expect(await given(step.instance_uuid)).toEqual([]);

    const next = await agents.stepOf(step.instance_uuid);
    await agents.take(next);
    await assign(next, vgpus('a'));
    await agents.finish(next);
    const instance = await agents.stored(next.instance_uuid);
    if (instance === undefined) throw new Error('no instance');
    await new OperationRepository().accept(cloud.cell1, systemCtx(), 'delete', { ...instance, host: 'h2' }, {});
    const deleting = await agents.stepOf(next.instance_uuid);
    expect(await agents.take(deleting)).toMatchObject({ devices: [{ device: 'a' }] });
    cloud.placement.isDown = true;
    await expect(agents.finish(deleting)).rejects.toMatchObject({ kind: 'dependency' });
    expect(await given(next.instance_uuid)).toEqual([]);
    cloud.placement.isDown = false;
    await agents.finish(deleting);
    expect(await agents.stored(next.instance_uuid)).toBeUndefined();
  });
});

describe('a server with devices that moves', () => {
  /** It is asked to move, and has device `b` of h2 beside the one that it has. */
  async function coming(action: 'resize' | 'liveMigrate' | 'evacuate'): Promise<Instance> {
    const server = await equipped();
    const first = {
      resize: 'prep_resize',
      liveMigrate: 'check_can_live_migrate_destination',
      evacuate: 'evacuate_instance',
    } as const;
    if (action === 'resize') await moves.ask(server, 'resize', unplaced({ flavor: LARGER }));
    if (action === 'liveMigrate')
      await moves.ask(server, action, { ...unplaced(), block_migration: null, disk_over_commit: null, forced: false });
    if (action === 'evacuate')
      await moves.ask(server, action, { ...unplaced(), image: null, admin_password: null, ends_stopped: false, forced: false });
    const step = await moves.taken(server.uuid, 'h2', first[action]);
    expect(await assign(step, vgpus('a', 'b'))).toMatchObject({ outcome: 'assigned' });
    expect(await given(server.uuid)).toEqual(['h1 a', 'h2 a']);
    return server;
  }
  async function resized(): Promise<Instance> {
    const server = await coming('resize');
    await moves.agent(server.uuid, 'h2', 'prep_resize');
    await moves.agent(server.uuid, 'h1', 'resize_instance', { system_metadata: { old_vm_state: 'active' } });
    await moves.agent(server.uuid, 'h2', 'finish_resize', { power_state: 1 });
    return moves.ended(server.uuid);
  }

  it('keeps those of its new host when the move is confirmed', async () => {
    const server = await resized();
    expect(await given(server.uuid)).toEqual(['h1 a', 'h2 a']);
    await moves.ask(server, 'confirmResize', {});
    await moves.agent(server.uuid, 'h1', 'confirm_resize');
    expect(await given(server.uuid)).toEqual(['h2 a']);
  });

  it('has those of its old host again when the move is taken back', async () => {
    const server = await resized();
    await moves.ask(server, 'revertResize', {});
    await moves.agent(server.uuid, 'h2', 'revert_resize');
    expect(await given(server.uuid)).toEqual(['h1 a', 'h2 a']);
    await moves.agent(server.uuid, 'h1', 'finish_revert_resize', { power_state: 1 });
    expect(await given(server.uuid)).toEqual(['h1 a']);
  });

  it('has those of its old host alone when it could not come', async () => {
    const server = await coming('resize');
    await moves.agent(server.uuid, 'h2', 'prep_resize', {}, true);
    await moves.ended(server.uuid);
    expect(await given(server.uuid)).toEqual(['h1 a']);
  });

  it('has those of its new host alone once it went over', async () => {
    const server = await coming('liveMigrate');
    await moves.agent(server.uuid, 'h2', 'check_can_live_migrate_destination');
    await moves.agent(server.uuid, 'h2', 'pre_live_migration');
    await moves.agent(server.uuid, 'h1', 'live_migration');
    await moves.agent(server.uuid, 'h1', 'post_live_migration');
    expect(await given(server.uuid)).toEqual(['h1 a', 'h2 a']);
    await moves.agent(server.uuid, 'h2', 'post_live_migration_at_destination', { power_state: 1 });
    await moves.ended(server.uuid);
    expect(await given(server.uuid)).toEqual(['h2 a']);
  });

  it('keeps those of a lost host until that has come back', async () => {
    const server = await coming('evacuate');
    await moves.agent(server.uuid, 'h2', 'evacuate_instance', { power_state: 1 });
    await moves.ended(server.uuid);
    expect(await given(server.uuid)).toEqual(['h1 a', 'h2 a']);
    const { uuid } = await moves.migration(server.uuid);
    await agents.call(messages.finishEvacuations, { host: 'h1', migrations: [uuid] });
    expect(await given(server.uuid)).toEqual(['h2 a']);
  });
});
