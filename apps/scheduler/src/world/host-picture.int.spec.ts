import { randomUUID } from 'node:crypto';
import { ComputeNodeRepository, type ComputeNodeRow, cellMigrations } from '@kilonova/cell-db';
import type { Cell, CellRegistry } from '@kilonova/cells';
import { rows } from '@kilonova/sql';
import { useDatabase } from '@kilonova/testing';
import type { DataSource } from 'typeorm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { computeFilter } from '../model/filters/compute.host-filter.js';
import { HostPicture } from './host-picture.js';

const HOUR_MS = 3_600_000;
const OPTIONS = { downSeconds: 60, staleMs: 1_000 };
const database = useDatabase(cellMigrations());
const uuids = new Map<string, string>();
let sql: DataSource;
let isAway = false;
let clock = 0;
let picture: HostPicture;

const run = (text: string, ...values: unknown[]) => rows(sql, text, values);

const cell = {
  uuid: randomUUID(),
  name: 'cell1',
  run: (task: (sql: DataSource) => unknown) => (isAway ? Promise.reject(new Error('away')) : task(sql)),
} as unknown as Cell;
const cells = { list: async () => [cell] } as unknown as CellRegistry;

const open = (timeOfDay = Date.now) =>
  new HostPicture(
    cells,
    OPTIONS,
    () => undefined,
    () => clock,
    timeOfDay,
  );

async function addHost(host: string, silentSeconds: number): Promise<void> {
  uuids.set(host, randomUUID());
  await run(
    `INSERT INTO services (host, "binary", topic, version, last_seen_up) VALUES ($1, 'nova-compute', 'compute', 1, now() - make_interval(secs => $2))`,
    host,
    silentSeconds,
  );
  await run(
    `INSERT INTO compute_nodes (uuid, host, hypervisor_hostname, hypervisor_type, hypervisor_version, host_ip, vcpus, memory_mb, local_gb,
                                vcpus_used, memory_mb_used, local_gb_used, mapped)
     VALUES ($1, $2, $2, 'fake', 1, '127.0.0.1', 1, 1, 1, 0, 0, 0, true)`,
    uuids.get(host),
    host,
  );
}

const verdictOf = (host: string, now = Date.now()) => {
  const facts = picture.node(uuids.get(host) as string);
  return facts && computeFilter.check({ facts } as never, {} as never, { now: new Date(now), serviceDownTime: 60 } as never);
};

beforeAll(async () => {
  sql = await database.dataSource();
});
beforeEach(async () => {
  isAway = false;
  await run('TRUNCATE compute_nodes, services');
  await addHost('h1', 1);
  await addHost('h2', 90);
  picture = open();
  await picture.refresh();
});

it.each([
  ['right', 0],
  ['an hour ahead', HOUR_MS],
  ['an hour behind', -HOUR_MS],
])('a scheduler whose clock is %s tells silent services from others', async (_what, offMs) => {
  const time = () => Date.now() + offMs;
  picture = open(time);
  await picture.refresh();
  expect(verdictOf('h1', time())).toEqual({ passes: true });
  expect(verdictOf('h2', time())).toMatchObject({ passes: false });
});

describe('a refresh of the picture', () => {
  it('brings what an administrator or an agent changed', async () => {
    await run(`UPDATE services SET disabled = true WHERE host = 'h1'`);
    await run(`UPDATE services SET last_seen_up = now() WHERE host = 'h2'`);
    await run(`UPDATE compute_nodes SET stats = '{"failed_builds": "3"}' WHERE host = 'h2'`);
    await picture.refresh();
    expect(verdictOf('h1')).toMatchObject({ reason: 'the compute service is disabled' });
    expect(verdictOf('h2')).toEqual({ passes: true });
    expect(picture.named('H2', null)[0]?.stats).toEqual({ failed_builds: '3' });
    await run(`UPDATE services SET disabled = false WHERE host = 'h1'`);
    await picture.refresh();
    expect(verdictOf('h1')).toEqual({ passes: true });
  });

  it('brings hosts that are new, and takes away those that are gone, unmapped or without a service', async () => {
    await addHost('h3', 1);
    await run(`DELETE FROM compute_nodes WHERE host = 'h1'`);
    await picture.refresh();
    expect([verdictOf('h1'), verdictOf('h3')]).toEqual([undefined, { passes: true }]);
    await run(`UPDATE compute_nodes SET mapped = false WHERE host = 'h2'`);
    await run(`DELETE FROM services WHERE host = 'h3'`);
    await picture.refresh();
    expect(verdictOf('h2')).toBeUndefined();
    expect(verdictOf('h3')).toMatchObject({ reason: 'the compute service has never reported' });
    expect(picture.size).toBe(1);
  });

  it('misses nothing that commits late', async () => {
    const early = sql.createQueryRunner();
    try {
      await early.startTransaction();
      await early.query(`UPDATE compute_nodes SET stats = '{"failed_builds": "1"}' WHERE host = 'h1'`);
      await run(`UPDATE compute_nodes SET stats = '{"failed_builds": "2"}' WHERE host = 'h2'`);
      await picture.refresh();
      expect(picture.named('h1', null)[0]?.stats).toEqual({});
      await early.commitTransaction();
    } finally {
      await early.release();
    }
    await picture.refresh();
    expect([picture.named('h1', null), picture.named('h2', null)].map(([one]) => one?.stats['failed_builds'])).toEqual([
      '1',
      '2',
    ]);
  });

  it.each(['alone', 'beside a transaction that stays open'])('asks the cell for no more than what changed, %s', async (how) => {
    const other = sql.createQueryRunner();
    if (how !== 'alone') {
      await other.startTransaction();
      await other.query('SELECT pg_current_xact_id()');
      for (const host of ['h1', 'h2']) await run(`UPDATE compute_nodes SET vcpus_used = 7 WHERE host = '${host}'`);
    }
    const sent: number[] = [];
    const watched = {
      ...cell,
      run: async (task: (sql: DataSource) => Promise<{ nodes: unknown[] }>) => {
        const changes = await task(sql);
        sent.push(changes.nodes.length);
        return changes;
      },
    };
    picture = new HostPicture({ list: async () => [watched] } as never, OPTIONS, () => undefined);
    await picture.refresh();
    await picture.refresh();
    await run(`UPDATE compute_nodes SET vcpus_used = 1 WHERE host = 'h1'`);
    await picture.refresh();
    expect(sent).toEqual([2, 0, 1]);
    const nodes = new ComputeNodeRepository();
    const report = async (vcpus_used: number) => {
      const [h1] = (await nodes.list(sql)).filter(({ host }) => host === 'h1');
      await nodes.report(sql, 'h1', [{ ...(h1 as ComputeNodeRow), vcpus_used }]);
      await picture.refresh();
    };
    await report(1);
    await report(2);
    expect(sent).toEqual([2, 0, 1, 0, 1]);
    if (how !== 'alone') await other.rollbackTransaction();
    await other.release();
  });
});

describe('a cell that is silent', () => {
  it('is named when its part is stale, and read again when it speaks', async () => {
    isAway = true;
    expect(await picture.current()).toEqual([]);
    clock += OPTIONS.staleMs + 1;
    expect((await picture.current()).map(({ name }) => name)).toEqual(['cell1']);
    expect(picture.ages()).toEqual([['cell1', OPTIONS.staleMs + 1]]);
    isAway = false;
    expect(await picture.current()).toEqual([]);
    expect(picture.ages()).toEqual([['cell1', 0]]);
  });
});
