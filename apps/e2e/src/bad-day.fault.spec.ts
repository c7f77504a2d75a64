import { execFileSync } from 'node:child_process';
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@kilonova/local-servers';
import { eventually, SmallDisk } from '@kilonova/testing';
import { pause } from '@kilonova/util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { QUICK_SWEEPER, TestCloud } from './support/cloud.js';
import type { BootAnswer } from './support/compute-client.js';

const MIB = 1024 * 1024;
const CAUSE_MS = 2_000;
const EVERY_MS = 100;
const HOUR_MS = 3_600_000;
/** Within so much all has to be well again when the cause has ended. */
const WELL_MS = 60_000;
/** A request that takes longer hangs. */
const HANGS_MS = 15_000;
/** Yes, and what says to come back: too many at once, not now, too late, no room. */
const HONEST = [202, 429, 503, 504, 507];

/** Debian's `libfaketime`. */
const [FAKETIME] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');

/** A whole cloud in one process whose disks, connections and clock run out, under a request each tenth of a second. */
describe('M1: a cloud goes on by itself after', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'kilonova-day-'));
  const clock = join(stateDir, 'clock');
  const disks: Array<SmallDisk | undefined> = [];
  let cloud: TestCloud;

  beforeAll(async () => {
    chmodSync(stateDir, 0o711);
    disks.push(SmallDisk.mount(join(stateDir, 'postgres'), 320 * MIB, '0711'));
    disks.push(SmallDisk.mount(join(stateDir, 'wal'), 512 * MIB, '0711'));
    disks.push(SmallDisk.mount(join(stateDir, 'log'), 8 * MIB));
    if (disks[1] !== undefined) await moveWal();
    writeFileSync(clock, '+0');
    const faked = { LD_PRELOAD: FAKETIME ?? '', FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_CACHE_DURATION: '1' };
    const monotonic = { FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' };
    const env = { ...QUICK_SWEEPER, ...(FAKETIME === undefined ? {} : { ...faked, ...monotonic }) };
    cloud = await TestCloud.start(['--cells', '2', '--hosts', '2', '--no-proof'], env, stateDir);
  }, 240_000);

  afterAll(async () => {
    await cloud?.kilonova('down');
    for (const disk of disks) disk?.unmount();
    rmSync(stateDir, { recursive: true, force: true });
  }, 120_000);

  /** The database's log of writes gets a disk of its own. */
  async function moveWal(): Promise<void> {
    const server = await startPostgres({ baseDir: join(stateDir, 'postgres') });
    await server.stop();
    const [there, here] = [join(stateDir, 'postgres', 'data', 'pg_wal'), join(stateDir, 'wal', 'pg_wal')];
    execFileSync('cp', ['-a', there, here]);
    rmSync(there, { recursive: true });
    symlinkSync(here, there);
  }

  const diskOr = (disk: SmallDisk | undefined, context: TestContext): SmallDisk =>
    disk ?? context.skip('a small disk cannot be mounted here: needs root');

  /** The superuser's URL of the cloud's own server. */
  function superuser(): string {
    const base = join(stateDir, 'postgres');
    const port = readFileSync(join(base, 'data', 'postmaster.pid'), 'utf8').split('\n')[3];
    return `postgres://kilonova:${readFileSync(join(base, 'password'), 'utf8').trim()}@127.0.0.1:${port}/postgres`;
  }

  /** Asks for servers all the time while something is wrong; in the end all that were accepted run, and nothing else is held. */
  async function through(prefix: string, cause: () => unknown, cure: () => unknown): Promise<readonly BootAnswer[]> {
    const asked: Array<Promise<BootAnswer>> = [];
    const asking = setInterval(() => void asked.push(cloud.client.bootOnce(`${prefix}-${asked.length}`)), EVERY_MS);
    try {
      await eventually(() => asked.length >= 5);
      await cause();
      await pause(CAUSE_MS);
    } finally {
      await cure();
      clearInterval(asking);
    }
    const curedAt = Date.now();
    const answers = await Promise.all(asked);
    expect(answers.filter(({ status, ms }) => ms > HANGS_MS || !HONEST.includes(status ?? 0))).toEqual([]);
    await eventually(async () => expect((await cloud.client.bootOnce(`${prefix}-after`)).status).toBe(202), {
      deadlineMs: WELL_MS,
    });
    const accepted = answers.flatMap(({ id }) => id ?? []);
    const servers = await cloud.client.settled(prefix, accepted.length, WELL_MS / 1000);
    const running = servers.filter(({ status }) => status === 'ACTIVE').map(({ id }) => id);
    expect(accepted.filter((id) => !running.includes(id))).toEqual([]);
    expect(Date.now() - curedAt).toBeLessThan(WELL_MS);
    await cloud.client.deleteAll(prefix, 60);
    await eventually(async () => expect(await cloud.client.consumers()).toEqual([]), { deadlineMs: 30_000 });
    return answers;
  }
  const statuses = (answers: readonly BootAnswer[]) => [...new Set(answers.map(({ status }) => status))];

  it("its database's disk was full", async (context) => {
    const disk = diskOr(disks[0], context);
    const answers = await through(
      'data',
      () => disk.fill(),
      () => disk.relieve(),
    );
    expect(statuses(answers)).toContain(507);
  }, 180_000);

  it("the disk of its database's log of writes was full", async (context) => {
    const disk = diskOr(disks[1], context);
    const answers = await through(
      'wal',
      async () => {
        disk.fill();
        await untilItFails('SELECT pg_switch_wal(), txid_current()');
      },
      () => disk.relieve(),
    );
    expect(statuses(answers)).toContain(503);
  }, 180_000);

  async function untilItFails(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: superuser() });
    client.on('error', () => undefined);
    await client.connect();
    await expect(
      (async () => {
        for (let times = 0; times < 100; times++) await client.query(sql);
      })(),
    ).rejects.toThrow();
    await client.end().catch(() => undefined);
  }

  it('the disk of its logs was full', async (context) => {
    const disk = diskOr(disks[2], context);
    const sizes = () => globSync(join(stateDir, 'log', '*.log')).map((file) => statSync(file).size);
    const answers = await through(
      'log',
      () => disk.fill(),
      () => disk.relieve(),
    );
    expect(statuses(answers)).toEqual([202]);
    const before = sizes();
    await eventually(() => expect(sizes()).not.toEqual(before), { deadlineMs: WELL_MS });
  }, 180_000);

  it('the connections of its database were used up', async () => {
    const taken: pg.Client[] = [];
    const answers = await through(
      'connections',
      () => takeAll(taken),
      () => Promise.all(taken.map((client) => client.end().catch(() => undefined))),
    );
    expect(statuses(answers)).toContain(503);
  }, 180_000);

  /** Ends everybody's connections and takes their places, until there is none left. */
  async function takeAll(taken: pg.Client[]): Promise<void> {
    const take = async (): Promise<void> => {
      const client = new pg.Client({ connectionString: superuser(), application_name: 'taker' });
      client.on('error', () => undefined);
      await client.connect();
      taken.push(client);
    };
    await take();
    for (let round = 0; round < 5; round++) {
      await taken[0]?.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> 'taker'",
      );
      for (let batch = 0; batch < 16; batch++) {
        const results = await Promise.allSettled(Array.from({ length: 20 }, take));
        if (results.every(({ status }) => status === 'rejected')) break;
      }
    }
  }

  it.for([
    ['+1h', 1],
    ['+0', 0],
  ] as const)('its clock was set to %s', { timeout: 180_000 }, async ([offset, hours], context) => {
    if (FAKETIME === undefined) context.skip('no libfaketime here: Debian has a package');
    const setClock = async (): Promise<void> => {
      writeFileSync(clock, offset);
      await eventually(async () => expect(Math.abs((await aheadMs()) - hours * HOUR_MS)).toBeLessThan(60_000));
    };
    await through(`clock${hours}`, setClock, () => undefined);
  });

  /** How far the cloud's clock is ahead of ours. */
  async function aheadMs(): Promise<number> {
    const { headers } = await fetch(cloud.endpoints.compute);
    return Date.parse(headers.get('date') ?? '') - Date.now();
  }
});
