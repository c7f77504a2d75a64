import { randomUUID } from 'node:crypto';
import {
  BuildRepository,
  ComputeNodeRepository,
  OperationRepository,
  ServiceRepository,
  StepRepository,
} from '@kilonova/cell-db';
import { messages } from '@kilonova/compute-objects';
import { aSelection, nodeUuidOf } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { AppError, type CallMessage, newRequestId, systemCtx } from '@kilonova/util';
import type { DataSource } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { type QuietConductor, useCloud } from '../spec-support/cloud.js';
import { aBoot } from '../spec-support/samples.js';
import type { BootStores } from '../super/boot/dispatch-builds.service.js';
import { RecallBuilds, type RecallRelays } from '../super/sweeping/recall-builds.job.js';
import type { SweepTimes } from '../super/sweeping/sweep-times.js';

const cloud = useCloud();
const SWEEP = {
  'sweeper.enabled': 'true',
  'sweeper.intervalSeconds': '0.1',
  'sweeper.orphanIntervalSeconds': '0.1',
  'sweeper.overdueSeconds': '0.3',
  'sweeper.lostSeconds': '0.3',
};

/** As if the conductor had ended after the first step: stored in the cell, nothing else. */
async function storedOnly() {
  const boot = aBoot(newRequestId());
  const selection = aSelection('h1', cloud.cells.cell1.uuid);
  await cloud.boots.acceptMany(cloud.api, [boot]);
  const args = {
    request_spec: boot.spec,
    image: null,
    requested_networks: 'none',
    admin_password: 'secret',
    selection,
    alternates: [],
  } as const;
  await new BuildRepository().prepareMany(cloud.cell1, systemCtx(), [{ instance: boot.instance, arguments: args }]);
  cloud.placement.hold(boot.instance.uuid, nodeUuidOf('h1'));
  return boot;
}

/** A compute node of a host, as its agent reports it. */
const aNode = (cell: DataSource, host: string) =>
  new ComputeNodeRepository().report(cell, host, [
    {
      uuid: nodeUuidOf(host),
      hypervisor_hostname: host,
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
      supported_instances: [],
      cpu_allocation_ratio: 4,
      ram_allocation_ratio: 1,
      disk_allocation_ratio: 1,
      stats: {},
    },
  ]);

/** A migration of an instance that need not be there. */
async function aMigration(cell: DataSource, status: string, instanceUuid: string = randomUUID()): Promise<string> {
  const uuid = randomUUID();
  await rows(
    cell,
    `INSERT INTO migrations (uuid, instance_uuid, project_id, user_id, migration_type, status) VALUES ($1, $2, 'p1', 'u1', 'resize', $3)`,
    [uuid, instanceUuid, status],
  );
  return uuid;
}

const aliveHost = (host: string) =>
  new ServiceRepository().report(cloud.cell1, { host, binary: 'nova-compute', topic: 'compute', version: 1 });

describe('the super conductor sweeps', () => {
  it('a boot whose message was lost', async () => {
    await cloud.boots.acceptMany(cloud.api, [aBoot(newRequestId())]);
    await cloud.conductor('super', SWEEP);
    await eventually(() => expect(cloud.agents1.told).toHaveLength(1));
  });

  it('an instance that was mapped and never handed over', async () => {
    const boot = await storedOnly();
    await cloud.boots.settle(cloud.api, cloud.cells.cell1.id, [boot.instance.uuid]);
    await cloud.conductor('super', SWEEP);
    await eventually(() =>
      expect(cloud.agents1.told).toMatchObject([{ host: 'h1', args: { instance_uuid: boot.instance.uuid } }]),
    );
  });

  it('an instance that was stored and then given up by its user', async () => {
    const boot = await storedOnly();
    await rows(cloud.api, 'DELETE FROM build_requests WHERE instance_uuid = $1', [boot.instance.uuid]);
    await rows(cloud.api, 'DELETE FROM instance_mappings WHERE instance_uuid = $1', [boot.instance.uuid]);
    await cloud.conductor('super', SWEEP);
    await eventually(async () => expect(await cloud.instances(cloud.cell1)).toEqual([]));
    await eventually(() => expect(cloud.placement.held.size).toBe(0));
  });

  it('claims of nobody, and leaves those of the living and of the waiting', async () => {
    const living = await storedOnly();
    await cloud.boots.settle(cloud.api, cloud.cells.cell1.id, [living.instance.uuid]);
    await rows(cloud.cell1, `UPDATE instances SET vm_state = 'active', task_state = NULL, host = 'h1'`);
    const waiting = aBoot(newRequestId());
    await cloud.boots.acceptMany(cloud.api, [waiting]);
    const dead = aBoot(newRequestId());
    for (const boot of [waiting, dead]) cloud.placement.hold(boot.instance.uuid, nodeUuidOf('h1'));
    await aNode(cloud.cell1, 'h1');
    await cloud.conductor('super', { ...SWEEP, 'sweeper.overdueSeconds': '3600' });
    await eventually(() => expect(cloud.placement.held.has(dead.instance.uuid)).toBe(false));
    expect(new Set(cloud.placement.held.keys())).toEqual(new Set([living.instance.uuid, waiting.instance.uuid]));
  });

  it('T1: not what an unfinished migration holds, nor one in error whose server lives', async () => {
    await aNode(cloud.cell1, 'h1');
    const living = await storedOnly();
    await cloud.boots.settle(cloud.api, cloud.cells.cell1.id, [living.instance.uuid]);
    const kept = [
      await aMigration(cloud.cell1, 'migrating'),
      await aMigration(cloud.cell1, 'finished'),
      await aMigration(cloud.cell2, 'running'),
      await aMigration(cloud.cell1, 'error', living.instance.uuid),
    ];
    const freed = [await aMigration(cloud.cell1, 'confirmed'), await aMigration(cloud.cell1, 'error'), randomUUID()];
    for (const uuid of [...kept, ...freed]) cloud.placement.hold(uuid, nodeUuidOf('h1'));
    await cloud.conductor('super', { ...SWEEP, 'sweeper.overdueSeconds': '3600' });
    await eventually(() => expect(new Set(cloud.placement.released)).toEqual(new Set(freed)));
    expect(new Set(cloud.placement.held.keys())).toEqual(new Set([...kept, living.instance.uuid]));
  });

  it('T1: nothing of a cell that does not answer, and the others all the same', async () => {
    await aNode(cloud.cell1, 'h1');
    await aNode(cloud.cell2, 'h2');
    const [here, there] = [randomUUID(), randomUUID()];
    cloud.placement.hold(here, nodeUuidOf('h1'));
    cloud.placement.hold(there, nodeUuidOf('h2'));
    await rows(
      cloud.api,
      `UPDATE cell_mappings SET database_connection = 'postgresql://nobody@127.0.0.1:1/x' WHERE name = 'cell2'`,
    );
    const parts = await cloud.parts(SWEEP);
    const job = parts.jobs.find((one) => one.name === 'release orphaned allocations');
    for (let run = 0; run < 3; run++) await job?.run();
    expect([cloud.placement.released, [...cloud.placement.held.keys()]]).toEqual([[here], [there]]);
  });

  it('T1: nothing while the API database does not answer', async () => {
    await aNode(cloud.cell1, 'h1');
    cloud.placement.hold(randomUUID(), nodeUuidOf('h1'));
    const parts = await cloud.parts(SWEEP);
    const job = parts.jobs.find((one) => one.name === 'release orphaned allocations');
    await job?.run();
    parts.api.sql = () => Promise.reject(new AppError({ kind: 'dependency', code: 'sql.database.unavailable', message: 'away' }));
    await expect(job?.run()).rejects.toThrow('away');
    expect(cloud.placement.released).toEqual([]);
  });

  it('with its own service row alive', async () => {
    await cloud.conductor('super', { 'conductor.host': 'super1', 'conductor.reportIntervalSeconds': '0.1' });
    const [first] = await new ServiceRepository().list(cloud.api);
    expect(first).toMatchObject({ host: 'super1', binary: 'nova-conductor', topic: 'conductor' });
    await eventually(async () =>
      expect((await new ServiceRepository().list(cloud.api))[0]?.report_count).toBeGreaterThan(first?.report_count ?? 0),
    );
  });
});

describe('a service of the API level', () => {
  it('reports and beats through the super conductor', async () => {
    await cloud.conductor('super', { 'conductor.host': 'super1' });
    const call = <Args, Result>(message: CallMessage<Args, Result, 'conductor'>, args: NoInfer<Args>) =>
      cloud.apiBus.call(systemCtx(), message, { topic: 'conductor' }, args);
    expect(await call(messages.serviceHeartbeat, { binary: 'nova-scheduler', hosts: ['s1'] })).toEqual({ hosts: [], stale: [] });
    expect(
      await call(messages.reportService, { host: 's1', binary: 'nova-scheduler', topic: 'scheduler', version: 1 }),
    ).toMatchObject({
      host: 's1',
      binary: 'nova-scheduler',
    });
    expect(await call(messages.serviceHeartbeat, { binary: 'nova-scheduler', hosts: ['s1'] })).toEqual({
      hosts: [{ host: 's1', disabled: false }],
      stale: [],
    });
    expect((await new ServiceRepository().list(cloud.api)).map((service) => service.binary).sort()).toEqual([
      'nova-conductor',
      'nova-scheduler',
    ]);
  });
});

describe('a cell whose broker is away', () => {
  const away = (cell: string) => ({ awayMs: ({ name }: { name: string }) => (name === cell ? 60_000 : 0) });
  const recall = async (cell: string, parts: QuietConductor) =>
    new RecallBuilds(
      parts.api,
      parts.cells,
      { boots: cloud.boots, builds: new BuildRepository() } as BootStores,
      { cells: away(cell), api: { wake: () => undefined } } as unknown as RecallRelays,
      { intervalMs: 1_000, elsewhereSeconds: 0 } as SweepTimes,
    ).run();

  it('gives builds back that its agents were never told of, and they are scheduled anew', async () => {
    const boot = await storedOnly();
    const { uuid } = boot.instance;
    await cloud.boots.settle(cloud.api, cloud.cells.cell1.id, [uuid]);
    await new BuildRepository().sendMany(cloud.cell1, [uuid]);
    await rows(cloud.cell1, `UPDATE outbox SET available_at = now() + interval '1 hour'`); // no relay gets it to a broker
    const parts = await cloud.parts();
    expect(await recall('cell1', parts)).toBe(1);
    expect(await rows(cloud.cell1, 'SELECT state FROM operations')).toEqual([{ state: 'prepared' }]);
    expect(await cloud.mappings()).toEqual([{ instance_uuid: uuid, cell_id: null }]);
    cloud.scheduler.hosts = [['h3', cloud.cells.cell2.uuid]];
    await cloud.conductor('super', SWEEP);
    await eventually(() => expect(cloud.agents2.told).toMatchObject([{ host: 'h3', args: { instance_uuid: uuid } }]));
    await eventually(async () => expect(await cloud.instances(cloud.cell1)).toEqual([]));
    expect([cloud.agents1.told, await cloud.mappings()]).toEqual([[], [{ instance_uuid: uuid, cell_id: cloud.cells.cell2.id }]]);
  });

  it('keeps what its user deletes, and what it has sent', async () => {
    const boot = await storedOnly();
    const { uuid } = boot.instance;
    await cloud.boots.settle(cloud.api, cloud.cells.cell1.id, [uuid]);
    await new BuildRepository().sendMany(cloud.cell1, [uuid]);
    const parts = await cloud.parts();
    await rows(cloud.api, 'UPDATE instance_mappings SET queued_for_delete = true');
    expect(await recall('cell1', parts)).toBe(0);
    expect(await cloud.buildRequests()).toEqual([]);
    await new BuildRepository().sendMany(cloud.cell1, [uuid]);
    await rows(cloud.cell1, 'DELETE FROM outbox');
    expect(await recall('cell1', parts)).toBe(0);
    expect(await rows(cloud.cell1, 'SELECT state FROM operations')).toEqual([{ state: 'sent' }]);
  });

  it('keeps everything while no other cell has its broker', async () => {
    const boot = await storedOnly();
    await new BuildRepository().sendMany(cloud.cell1, [boot.instance.uuid]);
    const parts = await cloud.parts();
    const none = { awayMs: () => 60_000 };
    const job = new RecallBuilds(
      parts.api,
      parts.cells,
      { boots: cloud.boots, builds: new BuildRepository() } as BootStores,
      { cells: none, api: { wake: () => undefined } } as unknown as RecallRelays,
      { intervalMs: 1_000, elsewhereSeconds: 0 } as SweepTimes,
    );
    expect(await job.run()).toBe(0);
  });
});

describe('the cell conductor sweeps', () => {
  it('a build that a living host was never told of', async () => {
    const boot = await storedOnly();
    await new BuildRepository().sendMany(cloud.cell1, [boot.instance.uuid]);
    await rows(cloud.cell1, 'DELETE FROM outbox');
    await aliveHost('h1');
    await cloud.conductor('cell', SWEEP);
    await eventually(() => expect(cloud.agents1.told.length).toBeGreaterThan(0));
    expect(cloud.agents1.told[0]).toMatchObject({ host: 'h1', method: 'build_and_run_instance' });
  });

  it('a build in which nothing moves, freeing what no host took on', async () => {
    const waiting = await storedOnly();
    const begun = await storedOnly();
    const uuids = [waiting.instance.uuid, begun.instance.uuid];
    await new BuildRepository().sendMany(cloud.cell1, uuids);
    const operation = await new OperationRepository().find(cloud.cell1, begun.instance.uuid);
    if (operation === undefined) throw new Error('no operation');
    const { uuid: operation_uuid, instance_uuid, step, attempt } = operation;
    await new StepRepository().take(cloud.cell1, { operation_uuid, instance_uuid, step, attempt, host: 'h1' });
    await cloud.conductor('cell', { ...SWEEP, 'sweeper.instanceBuildTimeoutSeconds': '0.3' });
    await eventually(async () =>
      expect((await cloud.instances(cloud.cell1)).map((instance) => instance.vm_state)).toEqual(['error', 'error']),
    );
    await eventually(() => expect([...cloud.placement.held.keys()]).toEqual([begun.instance.uuid]));
    expect((await cloud.instances(cloud.cell1))[0]?.fault?.message).toContain('The operation was not finished in time.');
  });

  it('a delete that a living host was never told of', async () => {
    const boot = await storedOnly();
    await rows(cloud.cell1, 'DELETE FROM operations');
    await rows(cloud.cell1, `UPDATE instances SET vm_state = 'active', host = 'h1', task_state = NULL`);
    const server = { uuid: boot.instance.uuid, vm_state: 'active', task_state: null, host: 'h1' } as const;
    await new OperationRepository().accept(cloud.cell1, systemCtx(), 'delete', server, {});
    await rows(cloud.cell1, 'DELETE FROM outbox');
    await aliveHost('h1');
    await cloud.conductor('cell', SWEEP);
    await eventually(() =>
      expect(cloud.agents1.told[0]).toMatchObject({
        host: 'h1',
        method: 'terminate_instance',
        args: { instance_uuid: boot.instance.uuid },
      }),
    );
  });
});
