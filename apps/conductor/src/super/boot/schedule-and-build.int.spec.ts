import { BuildRequestRepository, SchedulingRecordRepository } from '@kilonova/api-db';
import { OperationRepository } from '@kilonova/cell-db';
import { nodeUuidOf } from '@kilonova/compute-samples';
import { type ReceivedNotification, subscribeNotifications } from '@kilonova/messaging';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { newRequestId, systemCtx } from '@kilonova/util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { aBoot } from '../../spec-support/samples.js';

const cloud = useCloud();

/** Where no database is. */
const NOWHERE = 'postgresql://nobody@127.0.0.1:1/x';

const boots = (count: number) => {
  const requestId = newRequestId();
  return Array.from({ length: count }, () => aBoot(requestId, { num_instances: count }));
};

const uuidsOf = (accepted: ReturnType<typeof boots>) => accepted.map((boot) => boot.instance.uuid);

const stateIn = (payload: unknown): unknown => (payload as { 'nova_object.data': { state: unknown } })['nova_object.data'].state;

describe('a boot', () => {
  it('reaches its host with its alternates and its password, and leaves nothing behind at the API level', async () => {
    cloud.scheduler.alternates = [['h2', cloud.cells.cell1.uuid]];
    await cloud.conductor('super');
    const [boot] = boots(1);
    if (boot === undefined) throw new Error('no boot');
    await cloud.accept([boot]);
    await eventually(() => expect(cloud.agents1.told).toHaveLength(1));
    expect(cloud.agents1.told[0]).toMatchObject({
      host: 'h1',
      method: 'build_and_run_instance',
      args: { instance_uuid: boot.instance.uuid, attempt: 1 },
    });
    expect(await new OperationRepository().find(cloud.cell1, boot.instance.uuid)).toMatchObject({
      name: 'build',
      state: 'sent',
      arguments: { admin_password: 'secret', selection: { service_host: 'h1' }, alternates: [{ service_host: 'h2' }] },
    });
    expect(await cloud.instances(cloud.cell1)).toMatchObject([
      { uuid: boot.instance.uuid, vm_state: 'building', task_state: 'scheduling', host: null, availability_zone: 'nova' },
    ]);
    expect(await cloud.mappings()).toEqual([{ instance_uuid: boot.instance.uuid, cell_id: cloud.cells.cell1.id }]);
    expect(await cloud.buildRequests()).toEqual([]);
    await eventually(async () => expect(await rows(cloud.api, 'SELECT 1 FROM outbox')).toEqual([]));
    expect(await rows(cloud.cell1, 'SELECT action, request_id FROM instance_actions')).toEqual([
      { action: 'create', request_id: boot.request_id },
    ]);
  });

  it('of many goes to several cells at once', async () => {
    cloud.scheduler.hosts = [
      ['h1', cloud.cells.cell1.uuid],
      ['h2', cloud.cells.cell2.uuid],
    ];
    await cloud.conductor('super');
    await cloud.accept(boots(50));
    await eventually(() => {
      expect(cloud.agents1.told).toHaveLength(25);
      expect(cloud.agents2.told).toHaveLength(25);
    });
    expect(cloud.scheduler.asked).toHaveLength(1);
  });

  it('without a host is buried in cell0 with the reason for all and the verdicts for administrators', async () => {
    const verdict = {
      host: 'h1',
      provider_uuid: nodeUuidOf('h1'),
      stage: 'filter',
      rule: 'ComputeFilter',
      reason: 'the service is down',
    } as const;
    cloud.scheduler.answer = () => ({
      outcome: 'no-valid-host',
      reason: 'There are not enough hosts available.',
      verdicts: [verdict],
    });
    await cloud.conductor('super');
    const accepted = boots(3);
    await cloud.accept(accepted);
    await eventually(async () => expect(await cloud.buildRequests()).toEqual([]));
    const buried = await cloud.instances(cloud.cell0);
    expect(buried).toHaveLength(3);
    expect(buried[0]).toMatchObject({
      vm_state: 'error',
      task_state: null,
      fault: { code: 500, message: 'No valid host was found. There are not enough hosts available.' },
    });
    expect(buried[0]?.fault?.details).toContain('ComputeFilter: the service is down');
    expect(buried[0]?.fault?.message).not.toContain('ComputeFilter');
    expect(new Set((await cloud.mappings()).map((mapping) => mapping.cell_id))).toEqual(new Set([cloud.cells.cell0.id]));
    const records = await new SchedulingRecordRepository().list(cloud.api, accepted[0]?.instance.uuid ?? '');
    expect(records).toMatchObject([{ outcome: 'no-valid-host', verdicts: [verdict] }]);
    expect(await rows(cloud.cell0, 'SELECT e.event, e.result FROM instance_action_events e')).toEqual(
      Array.from({ length: 3 }, () => ({ event: 'conductor_schedule_and_build_instances', result: 'Error' })),
    );
  });

  it('without room waits for it in cell0, where that is wanted', async () => {
    cloud.scheduler.answer = () => ({ outcome: 'no-valid-host', reason: 'All are full.', verdicts: [] });
    const heard: ReceivedNotification[] = [];
    const listener = subscribeNotifications(
      { url: cloud.busUrl('api'), topics: ['versioned_notifications'] },
      (notification) => void heard.push(notification),
    );
    onTestFinished(() => listener.close());
    await listener.ready();
    await cloud.conductor('super', { 'conductor.usePendingState': 'true' });
    const [boot] = boots(1);
    if (boot === undefined) throw new Error('no boot');
    await cloud.accept([boot]);
    await eventually(async () => expect(await cloud.buildRequests()).toEqual([]));
    expect(await cloud.instances(cloud.cell0)).toMatchObject([
      { vm_state: 'pending', task_state: null, fault: { code: 500, message: 'No valid host was found. All are full.' } },
    ]);
    await eventually(() =>
      expect(heard.map(({ eventType, payload }) => [eventType, stateIn(payload)]).sort()).toEqual([
        ['compute_task.build_instances.error', 'pending'],
        ['instance.update', 'pending'],
      ]),
    );
  });

  it('that could not be scheduled at all does not wait for room', async () => {
    cloud.scheduler.failures = 1_000;
    await cloud.conductor('super', { 'conductor.usePendingState': 'true', 'conductor.schedulingAttempts': '1' });
    await cloud.accept(boots(1));
    await eventually(async () => expect(await cloud.instances(cloud.cell0)).toMatchObject([{ vm_state: 'error' }]));
  });

  it('keeps how a request was scheduled, once for each of its servers', async () => {
    cloud.scheduler.trace = { questions: [{ query: 'q', offered: 3, is_cut: false }], refused: [], best: [], placed: [] };
    await cloud.conductor('super');
    const accepted = boots(2);
    const ctx = await cloud.accept(accepted);
    await cloud.recast(ctx, uuidsOf(accepted));
    for (const { instance } of accepted)
      await eventually(async () =>
        expect(await new SchedulingRecordRepository().list(cloud.api, instance.uuid)).toMatchObject([
          { outcome: 'selected', trace: { questions: [{ offered: 3 }] } },
        ]),
      );
  });

  it('told again and again ends in one build', async () => {
    await cloud.conductor('super');
    const accepted = boots(5);
    const ctx = await cloud.accept(accepted);
    await Promise.all([1, 2, 3, 4].map(() => cloud.recast(ctx, uuidsOf(accepted))));
    await eventually(() => expect(cloud.agents1.told).toHaveLength(5));
    await cloud.recast(ctx, uuidsOf(accepted));
    await eventually(async () => expect(await cloud.buildRequests()).toEqual([]));
    expect(new Set(cloud.agents1.told.map((message) => message.args.instance_uuid))).toEqual(new Set(uuidsOf(accepted)));
    expect(cloud.agents1.told).toHaveLength(5);
    expect(await cloud.instances(cloud.cell0)).toEqual([]);
  });

  it('that its user gives up while it is scheduled leaves no row and no claim', async () => {
    const requests = new BuildRequestRepository();
    const [given, kept] = boots(2);
    if (given === undefined || kept === undefined) throw new Error('no boots');
    const plain = cloud.scheduler;
    cloud.scheduler.answer = async (args) => {
      await requests.giveUp(cloud.api, given.instance.uuid);
      plain.answer = undefined;
      return { outcome: 'selected', selections: args.instance_uuids.map((uuid) => [claimed(uuid)]) };
    };
    const claimed = (uuid: string) => {
      cloud.placement.hold(uuid, nodeUuidOf('h1'));
      return {
        compute_node_uuid: nodeUuidOf('h1'),
        service_host: 'h1',
        nodename: 'h1',
        cell_uuid: cloud.cells.cell1.uuid,
        availability_zone: null,
        allocation_request: { allocations: {} },
        allocation_request_version: '1.36',
      };
    };
    await cloud.conductor('super');
    await cloud.accept([given, kept]);
    await eventually(() => expect(cloud.agents1.told).toHaveLength(1));
    await eventually(async () => {
      expect((await cloud.instances(cloud.cell1)).map((instance) => instance.uuid)).toEqual([kept.instance.uuid]);
      expect([...cloud.placement.held.keys()]).toEqual([kept.instance.uuid]);
    });
  });

  it('that is given up before the conductor comes to it is not scheduled', async () => {
    const [boot] = boots(1);
    if (boot === undefined) throw new Error('no boot');
    await cloud.accept([boot]);
    await new BuildRequestRepository().giveUp(cloud.api, boot.instance.uuid);
    cloud.placement.hold(boot.instance.uuid, nodeUuidOf('h1'));
    await cloud.conductor('super');
    await eventually(() => expect(cloud.placement.held.size).toBe(0));
    expect(cloud.scheduler.asked).toEqual([]);
  });

  it('goes to another cell when the chosen one does not answer, and is claimed there', async () => {
    cloud.scheduler.hosts = [
      ['h1', cloud.cells.cell1.uuid],
      ['h2', cloud.cells.cell2.uuid],
    ];
    await rows(cloud.api, `UPDATE cell_mappings SET database_connection = $1 WHERE name = 'cell1'`, [NOWHERE]);
    await cloud.conductor('super');
    const accepted = boots(4);
    await cloud.accept(accepted);
    await eventually(() => expect(cloud.agents2.told).toHaveLength(4));
    expect(cloud.scheduler.asked.map((asked) => asked.ignore_cells)).toEqual([undefined, [cloud.cells.cell1.uuid]]);
    expect(new Set(cloud.placement.held.values())).toEqual(new Set([nodeUuidOf('h2')]));
    expect((await cloud.mappings()).map((mapping) => mapping.cell_id)).toEqual(accepted.map(() => cloud.cells.cell2.id));
    expect(await cloud.instances(cloud.cell0)).toEqual([]);
  });

  it('waits for its cell when there is no other, and ends in ERROR only when it stays away', async () => {
    await rows(cloud.api, `UPDATE cell_mappings SET database_connection = $1 WHERE name = 'cell1'`, [NOWHERE]);
    await cloud.conductor('super', { 'conductor.schedulingAttempts': '2' });
    await cloud.accept(boots(1));
    await eventually(async () => expect(await cloud.instances(cloud.cell0)).toHaveLength(1));
    expect(cloud.scheduler.asked.length).toBeGreaterThanOrEqual(4);
    await eventually(() => expect(cloud.placement.held.size).toBe(0));
  });

  it('that is settled in a cell which stays away is left to the sweep, not to the dead letters', async () => {
    const accepted = boots(1);
    await cloud.boots.acceptMany(cloud.api, accepted);
    await cloud.boots.settle(cloud.api, cloud.cells.cell1.id, uuidsOf(accepted));
    await rows(cloud.api, `UPDATE cell_mappings SET database_connection = $1 WHERE name = 'cell1'`, [NOWHERE]);
    const parts = await cloud.parts({ 'conductor.schedulingAttempts': '2' });
    const run = (attempt: number) => parts.scheduleAndBuild.run(systemCtx(), uuidsOf(accepted), attempt);
    await expect(run(1)).rejects.toMatchObject({ kind: 'dependency' });
    await run(2);
    expect(await cloud.instances(cloud.cell0)).toEqual([]);
  });

  it('waits for a scheduler that is away for a while', async () => {
    cloud.scheduler.failures = 1;
    await cloud.conductor('super');
    await cloud.accept(boots(1));
    await eventually(() => expect(cloud.agents1.told).toHaveLength(1));
    expect(cloud.scheduler.asked).toHaveLength(2);
  });

  it('ends in ERROR, holding nothing, when the scheduler stays away', async () => {
    cloud.scheduler.failures = 1_000;
    await cloud.conductor('super', { 'conductor.schedulingAttempts': '2' });
    await cloud.accept(boots(1));
    await eventually(async () => expect(await cloud.instances(cloud.cell0)).toHaveLength(1));
    expect((await cloud.instances(cloud.cell0))[0]?.fault?.message).toBe(
      'The services that place servers did not answer in time.',
    );
    await eventually(() => expect(cloud.placement.held.size).toBe(0));
  });
});
