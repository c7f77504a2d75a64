import { BuildDispatchRepository } from '@kilonova/cell-db';
import {
  type BeginBuildResult,
  type BuildAndRunInstance,
  type BuildInstances,
  type InstanceFault,
  type InstanceGroup,
  messages,
} from '@kilonova/compute-objects';
import { aGroup, anInstance, aRequestSpec, aSelection, nodeUuidOf } from '@kilonova/compute-samples';
import { createMessageBus, type MessageBus } from '@kilonova/messaging';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { type CallMessage, systemCtx } from '@kilonova/util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useCloud } from './spec-support/cloud.js';

const cloud = useCloud();
const ctx = systemCtx();
let bus: MessageBus;
beforeEach(() => {
  bus = createMessageBus({ url: cloud.busUrl('cell1'), cell: 'cell1' });
});
afterEach(() => bus.close());

const call = <Args, Result>(message: CallMessage<Args, Result, 'conductor'>, args: NoInfer<Args>): Promise<Result> =>
  bus.call(ctx, message, { topic: 'conductor' }, args);

/** An instance that a host was told to build. */
async function dispatched(
  host = 'h1',
  alternates: readonly string[] = [],
  group: InstanceGroup | null = null,
): Promise<BuildAndRunInstance> {
  const instance = anInstance();
  const cell = cloud.cells.cell1.uuid;
  const args: BuildAndRunInstance = {
    instance_uuid: instance.uuid,
    request_spec: aRequestSpec(instance.uuid, { instance_group: group }),
    image: null,
    requested_networks: 'none',
    admin_password: null,
    selection: aSelection(host, cell),
    alternates: alternates.map((name) => aSelection(name, cell)),
    build_attempt: 1,
  };
  const dispatches = new BuildDispatchRepository();
  await dispatches.prepareMany(cloud.cell1, ctx, [{ instance, args }]);
  await dispatches.dispatchMany(cloud.cell1, [instance.uuid]);
  cloud.placement.hold(instance.uuid, nodeUuidOf(host));
  return args;
}

const begin = (args: BuildAndRunInstance, host = args.selection.service_host): Promise<BeginBuildResult> =>
  call(messages.beginBuild, {
    host,
    node: host,
    instance_uuid: args.instance_uuid,
    compute_node_uuid: nodeUuidOf(host),
    build_attempt: args.build_attempt,
    group: args.request_spec.instance_group,
  });

const reason: InstanceFault = {
  code: 500,
  message: 'spawn failed',
  details: 'because',
  host: 'h1',
  created_at: new Date(0).toISOString(),
};
const failed = ({ selection, ...rest }: BuildAndRunInstance): BuildInstances => ({
  ...rest,
  failed_host: selection.service_host,
  reason,
});
const retry = (args: BuildInstances) => bus.cast(ctx, messages.buildInstances, { topic: 'conductor' }, args);
const stored = async (uuid: string) => (await cloud.instances(cloud.cell1)).find((instance) => instance.uuid === uuid);

describe('an agent builds', () => {
  it('from begin to active, told twice or once, its history kept', async () => {
    await cloud.conductor('cell');
    const args = await dispatched();
    const event = {
      host: 'h1',
      instance_uuid: args.instance_uuid,
      request_id: ctx.requestId,
      event: 'compute__do_build_and_run_instance',
    };
    expect(await begin(args)).toMatchObject({ outcome: 'begin', resumed: false });
    expect(await begin(args)).toMatchObject({ outcome: 'begin', resumed: true });
    expect(await call(messages.startActionEvent, event)).toBe(true);
    const active = {
      host: 'h1',
      instance_uuid: args.instance_uuid,
      updates: { vm_state: 'active', task_state: null, launched_at: new Date().toISOString() },
    } as const;
    expect(await call(messages.updateInstance, { ...active, expected_vm_states: ['building'] })).toMatchObject({
      outcome: 'updated',
      old_vm_state: 'building',
    });
    expect(await call(messages.updateInstance, { ...active, expected_vm_states: ['building'] })).toMatchObject({
      outcome: 'updated',
      old_vm_state: 'building',
      instance: { vm_state: 'active' },
    });
    const spawning = { ...active, updates: { task_state: 'spawning' }, expected_vm_states: ['building'] } as const;
    expect(await call(messages.updateInstance, spawning)).toMatchObject({ outcome: 'stale', vm_state: 'active' });
    expect(await call(messages.finishActionEvent, { ...event, result: 'Success' })).toBe(true);
    expect(await begin(args)).toMatchObject({ outcome: 'done' });
    expect(await call(messages.instancesOnHost, { host: 'h1' })).toMatchObject([
      { uuid: args.instance_uuid, vm_state: 'active' },
    ]);
    expect(await call(messages.getInstance, { host: 'h2', instance_uuid: args.instance_uuid })).toBeNull();
  });

  it('nothing that another host was told of, or that is somewhere else', async () => {
    await cloud.conductor('cell');
    const args = await dispatched();
    expect(await begin(args, 'h2')).toEqual({ outcome: 'stale' });
    await begin(args);
    expect(
      await call(messages.updateInstance, { host: 'h2', instance_uuid: args.instance_uuid, updates: { vm_state: 'error' } }),
    ).toMatchObject({ outcome: 'stale', host: 'h1' });
    expect(await call(messages.destroyInstance, { host: 'h2', instance_uuid: args.instance_uuid })).toEqual({ instance: null });
  });

  it('and destroys, however often it is asked', async () => {
    await cloud.conductor('cell');
    const args = await dispatched();
    await begin(args);
    const target = { host: 'h1', instance_uuid: args.instance_uuid };
    const first = await call(messages.destroyInstance, target);
    expect(first.instance).toMatchObject({ vm_state: 'deleted', uuid: args.instance_uuid });
    expect(await call(messages.destroyInstance, target)).toEqual(first);
    expect(await stored(args.instance_uuid)).toBeUndefined();
  });
});

describe('a group, at the last moment', () => {
  it('is not broken by two builds that begin together on one host', async () => {
    await cloud.conductor('cell');
    const group = aGroup();
    const [one, two] = [await dispatched('h1', [], group), await dispatched('h1', [], group)];
    const results = await Promise.all([begin(one), begin(two)]);
    expect(results.map((result) => result.outcome).sort()).toEqual(['begin', 'group-violated']);
    expect(results.find((result) => result.outcome === 'group-violated')).toMatchObject({
      message: 'Anti-affinity instance group policy was violated.',
      instance: { host: 'h1' },
    });
    expect(await rows(cloud.cell1, 'SELECT 1 FROM group_placements')).toHaveLength(1);
  });

  it('with affinity stays on the host of the first', async () => {
    await cloud.conductor('cell');
    const group = aGroup({ policy: 'affinity' });
    expect(await begin(await dispatched('h1', [], group))).toMatchObject({ outcome: 'begin' });
    expect(await begin(await dispatched('h1', [], group))).toMatchObject({ outcome: 'begin' });
    expect(await begin(await dispatched('h2', [], group))).toMatchObject({
      outcome: 'group-violated',
      message: 'Affinity instance group policy was violated.',
    });
  });
});

describe('a failed build', () => {
  it('goes to the next alternate that has room, told twice or once', async () => {
    await cloud.conductor('cell');
    cloud.placement.fill(nodeUuidOf('h2'));
    const args = await dispatched('h1', ['h2', 'h3']);
    await begin(args);
    await Promise.all([retry(failed(args)), retry(failed(args))]);
    await eventually(() =>
      expect(cloud.agents1.told.map((message) => [message.host, message.args.build_attempt])).toEqual([
        ['h1', 1],
        ['h3', 2],
      ]),
    );
    expect(cloud.placement.held.get(args.instance_uuid)).toBe(nodeUuidOf('h3'));
    expect(await stored(args.instance_uuid)).toMatchObject({ host: null, task_state: 'scheduling', vm_state: 'building' });
    await retry(failed(args));
    expect(await begin(cloud.agents1.told[1]?.args ?? args)).toMatchObject({ outcome: 'begin', instance: { host: 'h3' } });
    expect(cloud.placement.held.get(args.instance_uuid)).toBe(nodeUuidOf('h3'));
  });

  it('with no alternate left ends in ERROR and holds nothing', async () => {
    await cloud.conductor('cell');
    cloud.placement.fill(nodeUuidOf('h2'));
    const args = await dispatched('h1', ['h2']);
    await begin(args);
    await retry(failed(args));
    await eventually(async () =>
      expect(await stored(args.instance_uuid)).toMatchObject({ vm_state: 'error', task_state: null, host: null }),
    );
    const instance = await stored(args.instance_uuid);
    expect(instance?.fault?.message).toBe(
      `Exhausted all hosts available for retrying build failures for instance ${args.instance_uuid}.`,
    );
    expect(instance?.fault?.details).toContain('spawn failed');
    expect(cloud.placement.held.size).toBe(0);
  });

  it('that never had an alternate shows the class of the failure', async () => {
    await cloud.conductor('cell');
    const args = await dispatched('h1');
    await begin(args);
    await retry(failed(args));
    await eventually(async () =>
      expect((await stored(args.instance_uuid))?.fault).toMatchObject({
        message: `Build of instance ${args.instance_uuid} aborted: Error.`,
      }),
    );
  });

  it('waits for placement to come back', async () => {
    await cloud.conductor('cell');
    const args = await dispatched('h1', ['h2']);
    await begin(args);
    cloud.placement.isDown = true;
    await retry(failed(args));
    await eventually(async () => expect(await rows(cloud.cell1, 'SELECT 1 FROM outbox')).toEqual([]));
    expect(await stored(args.instance_uuid)).toMatchObject({ vm_state: 'building', host: 'h1' });
    cloud.placement.isDown = false;
    await eventually(() => expect(cloud.agents1.told.map((message) => message.host)).toEqual(['h1', 'h2']));
  });

  it('that its user deletes meanwhile is not built again', async () => {
    await cloud.conductor('cell');
    const args = await dispatched('h1', ['h2']);
    await begin(args);
    await rows(cloud.cell1, `UPDATE instances SET task_state = 'deleting' WHERE uuid = $1`, [args.instance_uuid]);
    await retry(failed(args));
    const other = await dispatched('h1', ['h3']);
    await retry(failed(other));
    await eventually(() => expect(cloud.agents1.told.map((message) => message.host)).toEqual(['h1', 'h1', 'h3']));
    expect(await stored(args.instance_uuid)).toMatchObject({ task_state: 'deleting', host: 'h1' });
    expect(cloud.placement.held.get(args.instance_uuid)).toBe(nodeUuidOf('h1'));
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
    expect(await call(messages.heartbeat, { binary: 'nova-compute', hosts: ['h1', 'h9'] })).toEqual([
      { host: 'h1', disabled: true },
    ]);
  });

  it('takes a node over with its uuid, to be discovered anew', async () => {
    await cloud.conductor('cell');
    await report('h1', 'node1');
    await rows(cloud.cell1, 'UPDATE compute_nodes SET mapped = true');
    await report('h1', 'node1');
    expect(await rows(cloud.cell1, 'SELECT host, mapped FROM compute_nodes')).toEqual([{ host: 'h1', mapped: true }]);
    await report('h2', 'node1');
    expect(await rows(cloud.cell1, 'SELECT host, uuid, mapped FROM compute_nodes')).toEqual([
      { host: 'h2', uuid: nodeUuidOf('node1'), mapped: false },
    ]);
  });

  it('that comes back as somebody else is refused', async () => {
    await cloud.conductor('cell');
    await report('h1');
    await rows(cloud.cell1, 'UPDATE compute_nodes SET uuid = gen_random_uuid()');
    await expect(report('h1')).rejects.toMatchObject({ kind: 'conflict', code: 'cell.compute_node.duplicate' });
  });
});
