import { randomUUID } from 'node:crypto';
import { ComputeNodeRepository, ServiceRepository } from '@kilonova/cell-db';
import { nodeUuidOf } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { AppError, newRequestId } from '@kilonova/util';
import type { DataSource } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { aBoot, aNodeReport } from '../../spec-support/samples.js';
import { SWEEP, storedOnly } from '../../spec-support/swept.js';

const cloud = useCloud();

/** A compute node of a host, as its agent reports it. */
const aNode = (cell: DataSource, host: string) => new ComputeNodeRepository().report(cell, host, [aNodeReport(host)]);

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

describe('the super conductor sweeps', () => {
  it('a boot whose message was lost', async () => {
    await cloud.boots.acceptMany(cloud.api, [aBoot(newRequestId())]);
    await cloud.conductor('super', SWEEP);
    await eventually(() => expect(cloud.agents1.told).toHaveLength(1));
  });

  it('an instance that was mapped and never handed over', async () => {
    const boot = await storedOnly(cloud);
    await cloud.boots.settle(cloud.api, cloud.cells.cell1.id, [boot.instance.uuid]);
    await cloud.conductor('super', SWEEP);
    await eventually(() =>
      expect(cloud.agents1.told).toMatchObject([{ host: 'h1', args: { instance_uuid: boot.instance.uuid } }]),
    );
  });

  it('an instance that was stored and then given up by its user', async () => {
    const boot = await storedOnly(cloud);
    await rows(cloud.api, 'DELETE FROM build_requests WHERE instance_uuid = $1', [boot.instance.uuid]);
    await rows(cloud.api, 'DELETE FROM instance_mappings WHERE instance_uuid = $1', [boot.instance.uuid]);
    await cloud.conductor('super', SWEEP);
    await eventually(async () => expect(await cloud.instances(cloud.cell1)).toEqual([]));
    await eventually(() => expect(cloud.placement.held.size).toBe(0));
  });

  it('claims of nobody, and leaves those of the living and of the waiting', async () => {
    const living = await storedOnly(cloud);
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
    const living = await storedOnly(cloud);
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
