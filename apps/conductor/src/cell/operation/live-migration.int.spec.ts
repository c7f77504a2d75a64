import { LiveMigrationRepository, ServiceRepository } from '@kilonova/cell-db';
import { type Instance, unplaced } from '@kilonova/compute-objects';
import { rows, transaction } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { beforeEach, describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { held, useMoves } from '../../spec-support/moves.js';

const cloud = useCloud();
const moves = useMoves(cloud, 'h1', 'h2', 'h3');
const live = new LiveMigrationRepository();
const ANY = ['running', 'queued', 'preparing'];

beforeEach(async () => {
  await new ServiceRepository().report(cloud.cell1, { host: 'h1', binary: 'nova-compute', topic: 'compute', version: 1 });
  await moves.conductors();
});

const CHOICE = { block_migration: null, disk_over_commit: null, forced: false };

/** A server that is asked to go, and that its destination could take. */
async function asked(): Promise<Instance> {
  const server = await moves.server();
  await moves.ask(server, 'liveMigrate', { ...unplaced(), ...CHOICE });
  await moves.agent(server.uuid, 'h2', 'check_can_live_migrate_destination');
  return server;
}
const status = async ({ uuid }: Instance) => (await moves.migration(uuid))?.status;
const abort = async ({ uuid }: Instance, from = ANY) =>
  transaction(cloud.cell1, async (sql) => live.abort(sql, systemCtx(), (await moves.migration(uuid))?.uuid ?? '', from));
/** It goes over, and is taken on at the other side. */
async function completes({ uuid }: Instance): Promise<void> {
  await moves.agent(uuid, 'h1', 'live_migration');
  await moves.agent(uuid, 'h1', 'post_live_migration');
  await moves.agent(uuid, 'h2', 'post_live_migration_at_destination', { power_state: 1 });
}
async function asItWas({ uuid }: Instance, fault: unknown = null): Promise<void> {
  expect(await moves.ended(uuid)).toMatchObject({ vm_state: 'active', task_state: null, host: 'h1', node: 'h1', fault });
  expect(await moves.ledger(uuid)).toEqual({ server: held('h1'), migration: {} });
}

describe('a live migration', () => {
  it('goes from step to step, and the server is at its destination', async () => {
    const server = await moves.server();
    await moves.ask(server, 'liveMigrate', { ...unplaced(), ...CHOICE });
    expect(await moves.migration(server.uuid)).toMatchObject({ status: 'accepted', migration_type: 'live-migration' });
    await moves.agent(server.uuid, 'h2', 'check_can_live_migrate_destination');
    expect(await moves.ledger(server.uuid)).toEqual({ server: held('h2'), migration: held('h1') });
    await moves.agent(server.uuid, 'h2', 'pre_live_migration');
    expect(await moves.instance(server.uuid)).toMatchObject({ host: 'h1', task_state: 'migrating' });
    await moves.agent(server.uuid, 'h1', 'live_migration');
    expect([await status(server), (await moves.instance(server.uuid))?.host]).toEqual(['post-migrating', 'h2']);
    await moves.agent(server.uuid, 'h1', 'post_live_migration');
    await moves.agent(server.uuid, 'h2', 'post_live_migration_at_destination', { power_state: 1 });
    expect(await moves.ended(server.uuid)).toMatchObject({ vm_state: 'active', task_state: null, host: 'h2', node: 'h2' });
    expect(await moves.migration(server.uuid)).toMatchObject({ status: 'completed', dest_compute: 'h2', dest_host: null });
    expect(await moves.ledger(server.uuid)).toEqual({ server: held('h2'), migration: {} });
    expect((await moves.actions(server.uuid))[0]).toEqual({ action: 'live-migration', message: null, ended: true });
  });

  it('of three from one host one goes at a time; the queued one is aborted there, the next while it runs, the first completes', async () => {
    const [first, second, third] = [await asked(), await asked(), await asked()];
    await eventually(async () =>
      expect(await Promise.all([first, second, third].map(status))).toEqual(['queued', 'queued', 'queued']),
    );
    expect(await abort(third)).toBe(true);
    await asItWas(third);
    expect(await status(third)).toBe('cancelled');
    await moves.agent(first.uuid, 'h2', 'pre_live_migration');
    expect([await status(first), await status(second)]).toEqual(['preparing', 'queued']);
    await completes(first);
    expect(await status(first)).toBe('completed');

    await moves.agent(second.uuid, 'h2', 'pre_live_migration');
    await moves.taken(second.uuid, 'h1', 'live_migration');
    expect(await status(second)).toBe('running');
    expect(await abort(second)).toBe(true);
    await eventually(() => expect(cloud.agents1.told.map(({ method }) => method)).toContain('live_migration_abort'));
    await moves.agent(second.uuid, 'h1', 'live_migration', {}, true);
    await moves.agent(second.uuid, 'h1', 'rollback_live_migration');
    await moves.agent(second.uuid, 'h2', 'rollback_live_migration_at_destination');
    await asItWas(second);
    expect(await status(second)).toBe('cancelled');
    expect(await rows(cloud.cell1, 'SELECT 1 FROM operations')).toEqual([]);
  });

  it.each([
    ['pre_live_migration', 'error'],
    ['live_migration', 'failed'],
  ] as const)('that fails at %s is taken back, and its migration is %s', async (step, ends) => {
    const server = await asked();
    await moves.agent(server.uuid, 'h2', 'pre_live_migration', {}, step === 'pre_live_migration');
    if (step === 'live_migration') await moves.agent(server.uuid, 'h1', 'live_migration', {}, true);
    expect(await moves.ledger(server.uuid)).toEqual({ server: held('h2'), migration: held('h1') });
    await moves.agent(server.uuid, 'h1', 'rollback_live_migration', { power_state: 1 });
    await moves.agent(server.uuid, 'h2', 'rollback_live_migration_at_destination');
    await asItWas(server, expect.anything());
    expect(await status(server)).toBe(ends);
    expect((await moves.actions(server.uuid))[0]).toMatchObject({ message: 'Error', ended: true });
  });

  it('tries the alternates where the destination could not take it, before it gives up', async () => {
    const server = await moves.server();
    await moves.ask(server, 'liveMigrate', { ...unplaced(), ...CHOICE });
    await moves.agent(server.uuid, 'h2', 'check_can_live_migrate_destination', {}, true);
    await eventually(async () => expect(await moves.ledger(server.uuid)).toEqual({ server: held('h3'), migration: held('h1') }));
    await moves.agent(server.uuid, 'h3', 'check_can_live_migrate_destination', {}, true);
    await asItWas(server, expect.anything());
    expect(await status(server)).toBe('error');
  });

  it('that ran over to the other side and fails there is in ERROR there, and holds its destination alone', async () => {
    const server = await asked();
    await moves.agent(server.uuid, 'h2', 'pre_live_migration');
    await moves.agent(server.uuid, 'h1', 'live_migration');
    await moves.agent(server.uuid, 'h1', 'post_live_migration');
    await moves.agent(server.uuid, 'h2', 'post_live_migration_at_destination', {}, true);
    expect(await moves.ended(server.uuid)).toMatchObject({ vm_state: 'error', task_state: null, host: 'h2' });
    expect(await moves.ledger(server.uuid)).toEqual({ server: held('h2'), migration: {} });
    expect(await status(server)).toBe('error');
  });

  it('is aborted only in the states that the client may do so in', async () => {
    const server = await asked();
    await moves.taken(server.uuid, 'h2', 'pre_live_migration');
    expect(await abort(server, ['running'])).toBe(false);
    expect(await abort(server)).toBe(true);
    await moves.agent(server.uuid, 'h2', 'pre_live_migration', {}, true);
    await moves.agent(server.uuid, 'h1', 'rollback_live_migration');
    await moves.agent(server.uuid, 'h2', 'rollback_live_migration_at_destination');
    expect(await status(server)).toBe('cancelled');
    expect(await abort(server)).toBe(false);
  });

  it('that runs is told to come to its end, and only then', async () => {
    const server = await asked();
    const force = async () =>
      transaction(cloud.cell1, async (sql) =>
        live.forceComplete(sql, systemCtx(), (await moves.migration(server.uuid))?.uuid ?? ''),
      );
    expect(await force()).toBe(false);
    await moves.agent(server.uuid, 'h2', 'pre_live_migration');
    await moves.taken(server.uuid, 'h1', 'live_migration');
    expect(await force()).toBe(true);
    await eventually(() =>
      expect(cloud.agents1.told.find(({ method }) => method === 'live_migration_force_complete')).toMatchObject({ host: 'h1' }),
    );
  });
});
