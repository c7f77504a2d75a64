import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processEnvironment } from '@kilonova/config';
import { type LocalPostgres, type LocalRabbitmq, startPostgres, startRabbitmq } from '@kilonova/local-servers';
import { pause } from '@kilonova/util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCloud } from './support/cloud.js';

/** Under way when something is taken away; `make chaos` has more. */
const BOOTS = Number(processEnvironment()['BOOTS_UNDER_WAY'] ?? 48);
const OUTAGE_MS = 3_000;

/** A cloud on servers of the test's own, which are taken away while boots are under way. */
describe(`${BOOTS} boots under way`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kilonova-outage-'));
  let postgres: LocalPostgres;
  let rabbitmq: LocalRabbitmq;
  let cloud: TestCloud;

  beforeAll(async () => {
    [postgres, rabbitmq] = await Promise.all([
      startPostgres({ baseDir: join(folder, 'postgres'), durable: false }),
      startRabbitmq({ baseDir: join(folder, 'rabbitmq') }),
    ]);
    const servers = ['--postgres', postgres.url, '--amqp', rabbitmq.url, '--amqp-management', rabbitmq.managementUrl];
    const cells = ['--cells', '2', '--hosts', '5', '--no-proof', '--notification-format', 'versioned', '--log-level', 'warn'];
    cloud = await TestCloud.start([...servers, ...cells]);
  }, 240_000);

  afterAll(async () => {
    await cloud?.stop();
    await Promise.all([postgres?.stop(), rabbitmq?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }, 180_000);

  /** Boots, takes something away half-way, and checks that every boot ended and nothing is held in vain. */
  async function surviving(prefix: string, outage: () => Promise<void>): Promise<void> {
    const boots = Array.from({ length: BOOTS }, (_, index) => cloud.client.boot(`${prefix}${index}`));
    await Promise.all(boots.slice(0, BOOTS / 2));
    await Promise.all([outage(), ...boots]);
    const servers = await cloud.client.settled(prefix, BOOTS, 200);
    const active = servers.filter((server) => server.status === 'ACTIVE').map((server) => server.id);
    expect(servers.filter((server) => server.status === 'ERROR').every((server) => (server.fault?.message ?? '') !== '')).toBe(
      true,
    );
    expect([...(await cloud.client.consumers())].sort()).toEqual([...active].sort());
    await cloud.client.deleteAll(prefix, 120);
    expect(await cloud.client.consumers()).toEqual([]);
  }

  it('all end when the broker is stopped and started', async () => {
    await surviving('broker-', async () => {
      await rabbitmq.stop();
      await pause(OUTAGE_MS);
      await rabbitmq.restart();
    });
  }, 500_000);

  it('all end when the broker runs out of memory and has some again', async () => {
    await surviving('alarm-', async () => {
      await rabbitmq.ctl('set_vm_memory_high_watermark', 'absolute', '1MB');
      await pause(OUTAGE_MS);
      await rabbitmq.ctl('set_vm_memory_high_watermark', '0.4');
    });
  }, 500_000);

  it("all end when a cell's database is closed and opened", async () => {
    const admin = new pg.Client({ connectionString: postgres.url });
    await admin.connect();
    await surviving('database-', async () => {
      await admin.query('ALTER DATABASE kilonova_cell1 ALLOW_CONNECTIONS false');
      await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'kilonova_cell1'");
      await pause(OUTAGE_MS);
      await admin.query('ALTER DATABASE kilonova_cell1 ALLOW_CONNECTIONS true');
    });
    await admin.end();
  }, 500_000);

  it('leaves no dead letter behind', async () => {
    expect((await cloud.kilonova('dlq', 'list')).trim().split('\n')).toHaveLength(2);
  }, 60_000);
});
