import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { PlacementCaller } from '../spec-support/placement-caller.js';
import { testConfig, usePlacement } from '../spec-support/placement-under-test.js';
import { audit, onlineDataMigrations, upgradeCheck } from './index.js';

const placement = usePlacement();
const config = () => testConfig(placement.database.url);
let sql: (text: string) => Promise<unknown>;

/** Rows as an older placement could have left them: two allocations of one consumer, no consumer row, no roots. */
beforeEach(async () => {
  const source = await placement.database.dataSource();
  sql = (text) => source.query(text);
  await sql('DELETE FROM allocations; DELETE FROM consumers; DELETE FROM inventories; DELETE FROM resource_providers');
  const call: PlacementCaller = placement.call;
  const root = await call.provider({ VCPU: { total: 8 }, DISK_GB: { total: 100 } });
  await call.provider({ VCPU: { total: 8 } }, root);
  for (let n = 1; n <= 3; n += 1)
    await call.claim(`00000000-0000-4000-8000-00000000000${n}`, { [root]: { VCPU: 1, DISK_GB: 1 } });
});

describe('online_data_migrations', () => {
  const age = () => sql('DELETE FROM consumers; UPDATE resource_providers SET root_provider_id = NULL');

  it('heals all and then finds nothing', async () => {
    await age();
    const first = await onlineDataMigrations(config());
    expect(first).toEqual({
      migrations: [
        { name: 'set_root_provider_ids', found: 2, completed: 2 },
        { name: 'create_incomplete_consumers', found: 3, completed: 3 },
      ],
      exitCode: 0,
    });
    expect((await onlineDataMigrations(config())).migrations.map(({ completed }) => completed)).toEqual([0, 0]);
    expect((await audit(config())).findings).toEqual([]);
    const held = await placement.call.get('/allocations/00000000-0000-4000-8000-000000000001');
    expect(held.body).toMatchObject({ project_id: '00000000-0000-0000-0000-000000000000', consumer_type: 'unknown' });
  });

  it('goes in batches, telling that there may be more', async () => {
    await age();
    expect(await onlineDataMigrations(config(), 3)).toMatchObject({
      exitCode: 1,
      migrations: [{ completed: 2 }, { completed: 1 }],
    });
    expect(await onlineDataMigrations(config(), 3)).toMatchObject({
      exitCode: 1,
      migrations: [{ completed: 0 }, { completed: 2 }],
    });
    expect(await onlineDataMigrations(config(), 3)).toMatchObject({ exitCode: 0 });
  });

  it('refuses a batch of nothing', async () => {
    expect((await onlineDataMigrations(config(), 0)).exitCode).toBe(127);
  });
});

describe('upgrade check', () => {
  it('passes on a sound database', async () => {
    expect(await upgradeCheck(config())).toMatchObject({ exitCode: 0 });
  });

  it('warns of consumers without a record', async () => {
    await sql('DELETE FROM consumers');
    const report = await upgradeCheck(config());
    expect(report.exitCode).toBe(1);
    expect(report.checks).toContainEqual(
      expect.objectContaining({ name: 'Incomplete Consumers', result: 'warning', details: expect.stringContaining('3 ') }),
    );
  });

  it('fails on providers without a root, and on a policy file that is JSON', async () => {
    await sql('UPDATE resource_providers SET root_provider_id = NULL');
    const file = join(await mkdtemp(join(tmpdir(), 'kilonova-policy-')), 'policy.json');
    await writeFile(file, '{"admin_api": "role:admin"}');
    const report = await upgradeCheck(testConfig(placement.database.url, { policy: { file } }));
    expect(report.exitCode).toBe(2);
    expect(report.checks.filter(({ result }) => result === 'failure')).toHaveLength(2);
  });
});

describe('audit', () => {
  it('finds nothing where nothing is wrong', async () => {
    expect(await audit(config())).toEqual({ findings: [], exitCode: 0 });
  });

  it('tells a total lowered below its use from a contradiction', async () => {
    await sql('UPDATE inventories SET total = 1 WHERE used = 3 AND resource_class_id = 0');
    expect(await audit(config())).toMatchObject({
      exitCode: 1,
      findings: [{ kind: 'over-capacity', class: 'VCPU', noted: 3, actual: 1 }],
    });
    await sql('UPDATE inventories SET used = 2 WHERE used = 3 AND resource_class_id = 2');
    expect((await audit(config())).exitCode).toBe(2);
  });
});
