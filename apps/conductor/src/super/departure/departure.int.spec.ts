import { QuotaLedgerRepository } from '@kilonova/api-db';
import { InstanceArchive, InstanceRepository } from '@kilonova/cell-db';
import { anInstance } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { newRequestId, systemCtx } from '@kilonova/util';
import { expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { aBoot } from '../../spec-support/samples.js';

const cloud = useCloud();
const NOTHING = { instances: 0, cores: 0, ram: 0 };

/** Accepted and settled in its cell, where it runs. */
async function running(cell: 'cell0' | 'cell1'): Promise<string> {
  const boot = aBoot(newRequestId());
  const instance = { ...boot.instance, project_id: 'p1', user_id: 'u1' };
  const { vcpus: cores, memory_mb: ram } = instance.flavor;
  await cloud.boots.acceptMany(cloud.api, [{ ...boot, instance }]);
  await new QuotaLedgerRepository().add(cloud.api, 'p1', 'u1', { instances: 1, cores, ram });
  await cloud.boots.settle(cloud.api, cloud.cells[cell].id, [instance.uuid]);
  await new InstanceRepository().insertMany(cloud[cell], [{ ...anInstance(), uuid: instance.uuid }]);
  return instance.uuid;
}

const usage = async () => (await new QuotaLedgerRepository().usage(cloud.api, 'p1', 'u1')).project;

it.each(['cell0', 'cell1'] as const)(
  'a server that %s has archived gives its quota back, whoever ended meanwhile',
  async (cell) => {
    const uuid = await running(cell);
    await new InstanceArchive().move(cloud[cell], systemCtx(), uuid);
    expect(await usage()).toMatchObject({ instances: 1 });
    await cloud.conductor('super');
    await eventually(async () => expect(await usage()).toEqual(NOTHING));
    expect(await rows(cloud.api, 'SELECT 1 FROM quota_holdings')).toEqual([]);
    expect(await rows(cloud.api, 'SELECT queued_for_delete FROM instance_mappings')).toEqual([{ queued_for_delete: true }]);
    await eventually(async () => expect(await rows(cloud[cell], 'SELECT 1 FROM outbox')).toEqual([]));
  },
);
