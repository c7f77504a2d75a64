import { randomUUID } from 'node:crypto';
import { cellMigrations } from '@kilonova/cell-db';
import { rows } from '@kilonova/sql';
import { useDatabase } from '@kilonova/testing';
import type { DataSource } from 'typeorm';
import { beforeAll, expect, it } from 'vitest';
import { computeFilter } from '../model/filters/compute.host-filter.js';
import { hostFacts } from './host-facts.query.js';

const HOUR_MS = 3_600_000;
const database = useDatabase(cellMigrations());
const [live, silent] = [randomUUID(), randomUUID()];
let sql: DataSource;

beforeAll(async () => {
  sql = await database.dataSource();
  for (const [uuid, host, seconds] of [
    [live, 'h1', 1],
    [silent, 'h2', 90],
  ]) {
    await rows(
      sql,
      `INSERT INTO services (host, "binary", topic, version, last_seen_up) VALUES ($1, 'nova-compute', 'compute', 1, now() - make_interval(secs => $2))`,
      [host, seconds],
    );
    await rows(
      sql,
      `INSERT INTO compute_nodes (uuid, host, hypervisor_hostname, hypervisor_type, hypervisor_version, host_ip, vcpus, memory_mb, local_gb,
                                  vcpus_used, memory_mb_used, local_gb_used, mapped)
       VALUES ($1, $2, $2, 'fake', 1, '127.0.0.1', 1, 1, 1, 0, 0, 0, true)`,
      [uuid, host],
    );
  }
});

it.each([
  ['right', 0],
  ['an hour ahead', HOUR_MS],
  ['an hour behind', -HOUR_MS],
])('a scheduler whose clock is %s tells silent services from others', async (_what, offMs) => {
  const now = Date.now() + offMs;
  const facts = await hostFacts(sql, randomUUID(), [live, silent], () => now);
  const passes = facts.map((host) => [
    host.host,
    computeFilter.check({ facts: host } as never, {} as never, { now: new Date(now), serviceDownTime: 60 } as never).passes,
  ]);
  expect(passes.sort()).toEqual([
    ['h1', true],
    ['h2', false],
  ]);
});
