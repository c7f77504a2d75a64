import { QuotaLedgerRepository } from '@kilonova/api-db';
import { InstanceRepository, SoftDeleteRepository } from '@kilonova/cell-db';
import { anInstance } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { newRequestId, systemCtx } from '@kilonova/util';
import { expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { aBoot } from '../../spec-support/samples.js';

const cloud = useCloud();
const ledger = new QuotaLedgerRepository();
const instances = new InstanceRepository();

/** Soft-deleted in its cell, which has told so. */
async function softDeleted(): Promise<string> {
  const boot = aBoot(newRequestId());
  const instance = { ...boot.instance, project_id: 'p1', user_id: 'u1' };
  const { vcpus: cores, memory_mb: ram } = instance.flavor;
  await cloud.boots.acceptMany(cloud.api, [{ ...boot, instance }]);
  await ledger.add(cloud.api, 'p1', 'u1', { instances: 1, cores, ram });
  await cloud.boots.settle(cloud.api, cloud.cells.cell1.id, [instance.uuid]);
  await instances.insertMany(cloud.cell1, [{ ...anInstance(), uuid: instance.uuid, host: 'h1', vm_state: 'active' }]);
  const marked = await new SoftDeleteRepository().mark(cloud.cell1, systemCtx(), instance.uuid, 'h1');
  expect(marked).toMatchObject({ vm_state: 'soft-delete', deleted_at: expect.any(String) });
  return instance.uuid;
}

const used = async () => (await ledger.usage(cloud.api, 'p1', 'u1')).project.instances;
const told = () => eventually(async () => expect(await rows(cloud.cell1, 'SELECT 1 FROM outbox')).toEqual([]));

it('a soft-deleted server counts against no quota, and keeps its mapping', async () => {
  await softDeleted();
  expect(await used()).toBe(1);
  await cloud.conductor('super');
  await eventually(async () => expect(await used()).toBe(0));
  expect(await rows(cloud.api, 'SELECT queued_for_delete FROM instance_mappings')).toEqual([{ queued_for_delete: false }]);
});

it('a server that was restored before the word of it came goes on counting', async () => {
  const uuid = await softDeleted();
  await instances.update(cloud.cell1, uuid, { vm_state: 'active' });
  await cloud.conductor('super');
  await told();
  await softDeleted();
  await eventually(async () => expect(await used()).toBe(1));
  expect(await rows(cloud.api, 'SELECT instance_uuid AS uuid FROM quota_holdings')).toEqual([{ uuid }]);
});
