import { BuildRepository, ComputeNodeRepository, OperationRepository, type OperationRow } from '@kilonova/cell-db';
import {
  type FinishStepResult,
  type InstanceFault,
  type InstanceGroup,
  messages,
  type TakeStep,
} from '@kilonova/compute-objects';
import { aGroup, anInstance, aRequestSpec, aSelection, nodeUuidOf } from '@kilonova/compute-samples';
import { createMessageBus, type MessageBus } from '@kilonova/messaging';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { type CallMessage, systemCtx } from '@kilonova/util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useCloud } from '../spec-support/cloud.js';

const cloud = useCloud();
const ctx = systemCtx();
let bus: MessageBus;
beforeEach(() => {
  bus = createMessageBus({ url: cloud.busUrl('cell1'), cell: 'cell1' });
});
afterEach(() => bus.close());

const call = <Args, Result>(message: CallMessage<Args, Result, 'conductor'>, args: NoInfer<Args>): Promise<Result> =>
  bus.call(ctx, message, { topic: 'conductor' }, args);

const operationOf = async (uuid: string): Promise<OperationRow> => {
  const row = await new OperationRepository().find(cloud.cell1, uuid);
  if (row === undefined) throw new Error('no operation is under way');
  return row;
};

/** The step that an instance is in, as the agent that it was given to names it. */
const stepOf = async (instance_uuid: string): Promise<TakeStep> => {
  const { uuid: operation_uuid, step, attempt, host } = await operationOf(instance_uuid);
  return { operation_uuid, instance_uuid, step, attempt, host };
};

/** An instance that a host was told to build; returns its step. */
async function sent(host = 'h1', alternates: readonly string[] = [], group: InstanceGroup | null = null): Promise<TakeStep> {
  const instance = anInstance();
  const cell = cloud.cells.cell1.uuid;
  const args = {
    request_spec: aRequestSpec(instance.uuid, { instance_group: group }),
    image: null,
    requested_networks: 'none',
    admin_password: 'pw',
    selection: aSelection(host, cell),
    alternates: alternates.map((name) => aSelection(name, cell)),
  } as const;
  const builds = new BuildRepository();
  await builds.prepareMany(cloud.cell1, ctx, [{ instance, arguments: args }]);
  await builds.sendMany(cloud.cell1, [instance.uuid]);
  cloud.placement.hold(instance.uuid, nodeUuidOf(host));
  return stepOf(instance.uuid);
}

const take = (step: TakeStep, host = step.host) => call(messages.takeStep, { ...step, host });
const finish = (step: TakeStep, fault?: InstanceFault): Promise<FinishStepResult> =>
  call(messages.finishStep, { ...step, updates: fault === undefined ? { power_state: 1 } : {}, fault });

const fault: InstanceFault = {
  code: 500,
  message: 'spawn failed',
  details: 'because',
  host: 'h1',
  created_at: new Date(0).toISOString(),
};
const fail = async (step: TakeStep) => {
  await take(step);
  return finish(step, fault);
};
const stored = async (uuid: string) => (await cloud.instances(cloud.cell1)).find((instance) => instance.uuid === uuid);

describe('an agent builds', () => {
  it('in two calls, told twice or once, its history kept', async () => {
    await cloud.conductor('cell');
    const step = await sent();
    expect(await take(step)).toMatchObject({ outcome: 'taken', resumed: false, arguments: { admin_password: 'pw' } });
    expect(await take(step)).toMatchObject({ outcome: 'taken', resumed: true });
    const done = await finish(step);
    expect(done).toMatchObject({ outcome: 'finished', old_vm_state: 'building', instance: { vm_state: 'active', host: 'h1' } });
    expect(await finish(step)).toEqual(done);
    expect(await take(step)).toEqual(done);
    expect(await call(messages.hostWork, { host: 'h1' })).toMatchObject({
      instances: [{ uuid: step.instance_uuid, vm_state: 'active' }],
      steps: [{ operation_uuid: step.operation_uuid }],
    });
    const beat = { binary: 'nova-compute', hosts: ['h1'], steps: [], notified: [step] };
    expect(await call(messages.heartbeat, beat)).toMatchObject({ stale: [] });
    expect((await call(messages.hostWork, { host: 'h1' })).steps).toEqual([]);
  });

  it('nothing that another host was told of', async () => {
    await cloud.conductor('cell');
    const step = await sent();
    expect(await take(step, 'h2')).toEqual({ outcome: 'stale', on_host: false });
    await take(step);
    expect(await finish({ ...step, host: 'h2' })).toEqual({ outcome: 'stale', on_host: false });
    expect(await call(messages.advanceStep, { ...step, host: 'h2', task_state: 'networking' })).toMatchObject({
      outcome: 'stale',
    });
  });
});

describe('an agent deletes', () => {
  const deleting = async () => {
    const step = await sent();
    await take(step);
    await finish(step);
    const instance = await stored(step.instance_uuid);
    if (instance === undefined) throw new Error('no instance');
    await new OperationRepository().accept(cloud.cell1, ctx, 'delete', { ...instance, host: 'h1' }, {});
    return stepOf(step.instance_uuid);
  };

  it('and what the server held is given back before its row goes', async () => {
    await cloud.conductor('cell');
    const step = await deleting();
    await take(step);
    cloud.placement.isDown = true;
    await expect(finish(step)).rejects.toMatchObject({ kind: 'dependency' });
    expect(await stored(step.instance_uuid)).toMatchObject({ task_state: 'deleting' });
    cloud.placement.isDown = false;
    const done = await finish(step);
    expect(done).toMatchObject({ outcome: 'finished', instance: { vm_state: 'deleted' } });
    expect(await finish(step)).toEqual(done);
    expect([cloud.placement.held.size, await stored(step.instance_uuid)]).toEqual([0, undefined]);
  });

  it('nothing of a server whose delete it has not taken', async () => {
    await cloud.conductor('cell');
    const step = await deleting();
    expect(await finish(step)).toMatchObject({ outcome: 'stale' });
    expect(cloud.placement.held.has(step.instance_uuid)).toBe(true);
  });
});

describe('a group, at the last moment', () => {
  it('is not broken by two builds that begin together on one host: one of them goes elsewhere', async () => {
    await cloud.conductor('cell');
    const group = aGroup();
    const both = [await sent('h1', ['h2'], group), await sent('h1', ['h2'], group)];
    const results = await Promise.all(both.map((step) => take(step)));
    expect(results.map((result) => result.outcome).sort()).toEqual(['stale', 'taken']);
    const refused = both[results.findIndex((result) => result.outcome === 'stale')];
    await eventually(async () =>
      expect(await operationOf(refused?.instance_uuid ?? '')).toMatchObject({ host: 'h2', attempt: 2 }),
    );
    expect(await rows(cloud.cell1, 'SELECT host FROM group_placements')).toEqual([{ host: 'h1' }]);
  });

  it('with affinity stays on the host of the first, and ends, with its action, where there is no other', async () => {
    await cloud.conductor('cell');
    const group = aGroup({ policy: 'affinity' });
    expect(await take(await sent('h1', [], group))).toMatchObject({ outcome: 'taken' });
    expect(await take(await sent('h1', [], group))).toMatchObject({ outcome: 'taken' });
    const step = await sent('h2', [], group);
    expect(await take(step)).toMatchObject({ outcome: 'stale' });
    await eventually(async () => expect(await stored(step.instance_uuid)).toMatchObject({ vm_state: 'error', host: null }));
    expect((await stored(step.instance_uuid))?.fault?.message).toContain('aborted: Affinity instance group policy was violated.');
    const action = await rows(
      cloud.cell1,
      'SELECT message, finish_time IS NOT NULL AS ended FROM instance_actions WHERE instance_uuid = $1',
      [step.instance_uuid],
    );
    expect(action).toEqual([{ message: 'Error', ended: true }]);
    expect(cloud.placement.held.has(step.instance_uuid)).toBe(false);
  });
});

describe('a failed build', () => {
  it('goes to the next alternate that has room, told twice or once', async () => {
    await cloud.conductor('cell');
    cloud.placement.fill(nodeUuidOf('h2'));
    const step = await sent('h1', ['h2', 'h3']);
    await fail(step);
    await bus.cast(ctx, messages.rescheduleBuild, { topic: 'conductor' }, step);
    await eventually(() =>
      expect(cloud.agents1.told.map((message) => [message.host, message.args.attempt])).toEqual([
        ['h1', 1],
        ['h3', 2],
      ]),
    );
    expect(cloud.placement.held.get(step.instance_uuid)).toBe(nodeUuidOf('h3'));
    expect(await stored(step.instance_uuid)).toMatchObject({ host: null, task_state: 'scheduling', vm_state: 'building' });
    expect(await take(await stepOf(step.instance_uuid))).toMatchObject({ outcome: 'taken', instance: { host: 'h3' } });
    expect(cloud.placement.held.get(step.instance_uuid)).toBe(nodeUuidOf('h3'));
  });

  it('with no alternate left ends in ERROR and holds nothing', async () => {
    await cloud.conductor('cell');
    cloud.placement.fill(nodeUuidOf('h2'));
    const step = await sent('h1', ['h2']);
    await fail(step);
    await eventually(async () =>
      expect(await stored(step.instance_uuid)).toMatchObject({ vm_state: 'error', task_state: null, host: null }),
    );
    const instance = await stored(step.instance_uuid);
    expect(instance?.fault?.message).toBe(
      `Exhausted all hosts available for retrying build failures for instance ${step.instance_uuid}.`,
    );
    expect(instance?.fault?.details).toContain('spawn failed');
    expect(cloud.placement.held.size).toBe(0);
  });

  it('that never had an alternate shows the class of the failure', async () => {
    await cloud.conductor('cell');
    const step = await sent('h1');
    await fail(step);
    const message = `Build of instance ${step.instance_uuid} aborted: spawn failed`;
    await eventually(async () => expect((await stored(step.instance_uuid))?.fault).toMatchObject({ message }));
  });

  it('waits for placement to come back', async () => {
    await cloud.conductor('cell');
    const step = await sent('h1', ['h2']);
    cloud.placement.isDown = true;
    await fail(step);
    await eventually(async () => expect(await rows(cloud.cell1, 'SELECT 1 FROM outbox')).toEqual([]));
    expect(await stored(step.instance_uuid)).toMatchObject({ vm_state: 'building', host: 'h1' });
    cloud.placement.isDown = false;
    await eventually(() => expect(cloud.agents1.told.map((message) => message.host)).toEqual(['h1', 'h2']));
  });

  it('that its user deletes meanwhile is not built again', async () => {
    await cloud.conductor('cell');
    const step = await sent('h1', ['h2']);
    await take(step);
    const instance = await stored(step.instance_uuid);
    if (instance === undefined) throw new Error('no instance');
    await new OperationRepository().accept(cloud.cell1, ctx, 'delete', { ...instance, host: 'h1' }, {});
    expect(await finish(step, fault)).toEqual({ outcome: 'stale', on_host: true });
    await bus.cast(ctx, messages.rescheduleBuild, { topic: 'conductor' }, step);
    const other = await sent('h1', ['h3']);
    await fail(other);
    await eventually(() => expect(cloud.agents1.told.map((message) => message.host)).toContain('h3'));
    expect(await operationOf(step.instance_uuid)).toMatchObject({ name: 'delete', host: 'h1' });
    expect(cloud.placement.held.get(step.instance_uuid)).toBe(nodeUuidOf('h1'));
  });

  it('H5: is believed of the host alone that was told, and says nothing but why', async () => {
    await cloud.conductor('cell');
    const step = await sent('h1', ['h3']);
    expect(await finish({ ...step, host: 'h2' }, fault)).toMatchObject({ outcome: 'stale' });
    await bus.cast(ctx, messages.rescheduleBuild, { topic: 'conductor' }, step);
    await fail(step);
    await eventually(async () => expect(await operationOf(step.instance_uuid)).toMatchObject({ host: 'h3', attempt: 2 }));
    expect(cloud.placement.held.get(step.instance_uuid)).toBe(nodeUuidOf('h3'));
  });
});

describe('a host', () => {
  const report = (host: string, node = host) =>
    call(messages.reportHost, {
      host,
      binary: 'nova-compute',
      topic: 'compute',
      version: 1,
      nodes: [
        {
          uuid: nodeUuidOf(node),
          hypervisor_hostname: node,
          hypervisor_type: 'fake',
          hypervisor_version: 1,
          host_ip: '127.0.0.1',
          vcpus: 4,
          memory_mb: 1024,
          local_gb: 10,
          vcpus_used: 0,
          memory_mb_used: 0,
          local_gb_used: 0,
          running_vms: 0,
          current_workload: 0,
          disk_available_least: null,
          cpu_info: '',
          supported_instances: [['x86_64', 'fake', 'hvm']],
          cpu_allocation_ratio: 4,
          ram_allocation_ratio: 1,
          disk_allocation_ratio: 1,
          stats: { failed_builds: '0' },
        },
      ],
    });

  it('reports itself, beats, and keeps what an administrator set', async () => {
    await cloud.conductor('cell');
    expect(await report('h1')).toMatchObject({ host: 'h1', binary: 'nova-compute', disabled: false });
    await rows(cloud.cell1, `UPDATE services SET disabled = true, disabled_reason = 'x' WHERE host = 'h1'`);
    expect(await report('h1')).toMatchObject({ disabled: true, disabled_reason: 'x' });
    expect(await call(messages.heartbeat, { binary: 'nova-compute', hosts: ['h1', 'h9'] })).toEqual({
      hosts: [{ host: 'h1', disabled: true }],
      stale: [],
    });
  });

  const nodesOf = () => rows(cloud.cell1, 'SELECT host, uuid, mapped FROM compute_nodes ORDER BY host');
  const node = (host: string, mapped: boolean, name = host) => ({ host, uuid: nodeUuidOf(name), mapped });
  /** Both hosts report, and are discovered. */
  const discovered = async () => {
    await cloud.conductor('cell');
    await report('h1');
    await report('h2');
    const found = await new ComputeNodeRepository().unmapped(cloud.cell1);
    await new ComputeNodeRepository().markMapped(
      cloud.cell1,
      found.map(({ id }) => id),
    );
  };
  const silent = (host: string) =>
    rows(cloud.cell1, `UPDATE services SET last_seen_up = now() - interval '61 seconds' WHERE host = $1`, [host]);

  it('H6: that claims the node of another that lives is refused, and both stay in scheduling', async () => {
    await discovered();
    const before = await nodesOf();
    expect(before).toEqual([node('h1', true), node('h2', true)]);
    await expect(report('h1', 'h2')).rejects.toMatchObject({ kind: 'conflict', code: 'cell.compute_node.foreign' });
    await report('h2');
    await report('h1');
    expect(await nodesOf()).toEqual(before);
  });

  it.each([
    ['silent', () => silent('h2')],
    ['forced down', () => rows(cloud.cell1, `UPDATE services SET forced_down = true WHERE host = 'h2'`)],
    ['removed', () => rows(cloud.cell1, `DELETE FROM services WHERE host = 'h2'`)],
  ])('H6: that takes over the node of one that is %s has it with its uuid, mapped as the host is', async (_how, end) => {
    await discovered();
    await end();
    await report('h1', 'h2');
    expect(await nodesOf()).toEqual([node('h1', true, 'h2')]);
    await report('h3', 'h3');
    expect(await nodesOf()).toEqual([node('h1', true, 'h2'), node('h3', false)]);
  });

  it('H6: whose node comes back is in scheduling again without discovery', async () => {
    await discovered();
    await silent('h2');
    await report('h1', 'h2');
    await silent('h1');
    await report('h2');
    await report('h1');
    expect(await nodesOf()).toEqual([node('h1', true), node('h2', true)]);
  });

  it('H6: whose mapping is gone is discovered anew', async () => {
    await discovered();
    await new ComputeNodeRepository().unmapHost(cloud.cell1, 'h1');
    await report('h1');
    await new ComputeNodeRepository().removeHost(cloud.cell1, 'h2');
    await report('h2');
    expect(await nodesOf()).toEqual([node('h1', false), node('h2', false)]);
  });

  it('that comes back as somebody else is refused', async () => {
    await cloud.conductor('cell');
    await report('h1');
    await rows(cloud.cell1, 'UPDATE compute_nodes SET uuid = gen_random_uuid()');
    await expect(report('h1')).rejects.toMatchObject({ kind: 'conflict', code: 'cell.compute_node.duplicate' });
  });
});
