import { QuotaLedgerRepository } from '@kilonova/api-db';
import { BurialRepository } from '@kilonova/cell-db';
import type { Instance } from '@kilonova/compute-objects';
import { anInstance } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { newRequestId } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { aBoot } from '../../spec-support/samples.js';

const cloud = useCloud();
const ledger = new QuotaLedgerRepository();
const BURIAL = { requestId: newRequestId(), event: 'e', host: 'h', details: '', traceback: '' };
const usageOf = ({ flavor }: Instance) => ({ instances: 1, cores: flavor.vcpus, ram: flavor.memory_mb });
const ONE = usageOf(anInstance());

async function accepted(project_id = 'p1'): Promise<string> {
  const boot = aBoot(newRequestId());
  const instance = { ...boot.instance, project_id, user_id: 'u1' };
  await cloud.boots.acceptMany(cloud.api, [{ ...boot, instance }]);
  await ledger.add(cloud.api, project_id, 'u1', usageOf(instance));
  return boot.instance.uuid;
}

async function mappedTo(cell: 'cell0' | 'cell1' | 'cell2', lives: boolean): Promise<string> {
  const uuid = await accepted();
  await cloud.boots.settle(cloud.api, cloud.cells[cell].id, [uuid]);
  if (lives) await new BurialRepository().buryMany(cloud[cell], [{ ...anInstance(), uuid }], BURIAL);
  return uuid;
}

async function comparison() {
  const job = (await cloud.parts({ 'sweeper.enabled': 'true' })).jobs.find((one) => one.name === 'compare quota with instances');
  if (job === undefined) throw new Error('no such job');
  return job;
}

const holdings = async () =>
  (await rows<{ uuid: string }>(cloud.api, 'SELECT instance_uuid AS uuid FROM quota_holdings')).map((row) => row.uuid).sort();

describe('the ledger of quotas is compared with the instances there are', () => {
  it('and gives back what a delete left behind, at the second sight', async () => {
    const kept = [await accepted(), await mappedTo('cell1', true), await mappedTo('cell0', true)].sort();
    const [deleted, buried] = [await mappedTo('cell1', false), await mappedTo('cell0', false)];
    const unknown = await accepted();
    await rows(cloud.api, 'DELETE FROM request_specs WHERE instance_uuid = $1', [unknown]);
    await rows(cloud.api, 'DELETE FROM instance_mappings WHERE instance_uuid = $1', [unknown]);
    const job = await comparison();
    expect(await job.run()).toBe(0);
    expect(await holdings()).toHaveLength(6);
    expect(await job.run()).toBe(3);
    expect(await holdings()).toEqual(kept);
    expect((await ledger.usage(cloud.api, 'p1', 'u1')).project).toEqual({ instances: 3, cores: 3 * ONE.cores, ram: 3 * ONE.ram });
    const gone = await rows<{ uuid: string }>(
      cloud.api,
      'SELECT instance_uuid AS uuid FROM instance_mappings WHERE queued_for_delete ORDER BY instance_uuid',
    );
    expect(gone.map((row) => row.uuid)).toEqual([deleted, buried].sort());
    expect(await job.run()).toBe(0);
  });

  it('but touches nothing of a cell that does not answer', async () => {
    const there = await mappedTo('cell2', false);
    await mappedTo('cell1', false);
    await rows(
      cloud.api,
      `UPDATE cell_mappings SET database_connection = 'postgresql://nobody@127.0.0.1:1/x' WHERE name = 'cell2'`,
    );
    const job = await comparison();
    for (let run = 0; run < 3; run++) await job.run();
    expect(await holdings()).toEqual([there]);
  });

  it('and totals that are not the sum of their holdings are put right', async () => {
    await accepted();
    await accepted('p2');
    await rows(cloud.api, `UPDATE quota_usages SET instances = 7, ram = 1 WHERE project_id = 'p2'`);
    await rows(cloud.api, `INSERT INTO quota_usages VALUES ('p1', 'u9', 3, 3, 3), ('p3', '', 1, 1, 1)`);
    const job = await comparison();
    expect(await job.run()).toBe(3);
    expect(await job.run()).toBe(0);
    expect((await ledger.usage(cloud.api, 'p2', 'u1')).user).toEqual(ONE);
    expect((await ledger.usage(cloud.api, 'p1', 'u9')).user).toEqual({ instances: 0, cores: 0, ram: 0 });
  });
});
