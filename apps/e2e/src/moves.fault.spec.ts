import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processEnvironment } from '@kilonova/config';
import { eventually, useBroker } from '@kilonova/testing';
import { pause } from '@kilonova/util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCloud } from './support/cloud.js';
import { CloudTruth } from './support/cloud-truth.js';

const { MOVES = '80', SEED = '7' } = processEnvironment();
const SERVERS = 12;
const PREFIX = 'walk-';
const FLAVORS = ['1', '2', '3'];

const QUICK_SWEEPER = {
  KILONOVA_SWEEPER_INTERVAL_SECONDS: '2',
  KILONOVA_SWEEPER_LOST_SECONDS: '10',
  KILONOVA_SWEEPER_ORPHAN_INTERVAL_SECONDS: '5',
};

/** Numbers from 0 to 1 that the seed alone decides. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
const next = random(Number(SEED));
const one = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;

/** What is asked of a server at random; most of it is refused at the time. */
const ACTIONS: ReadonlyArray<(cloud: TestCloud, id: string) => Promise<void>> = [
  (cloud, id) => cloud.client.act(id, 'resize', { flavorRef: one(FLAVORS) }),
  (cloud, id) => cloud.client.act(id, 'resize', { flavorRef: one(FLAVORS) }),
  (cloud, id) => cloud.client.act(id, 'migrate'),
  (cloud, id) => cloud.client.act(id, 'confirmResize'),
  (cloud, id) => cloud.client.act(id, 'confirmResize'),
  (cloud, id) => cloud.client.act(id, 'revertResize'),
  (cloud, id) => cloud.client.act(id, 'os-stop'),
  (cloud, id) => cloud.client.act(id, 'os-start'),
  (cloud, id) => cloud.client.delete(id),
];
/** Each with the hypervisors of one host, or of all. */
const FAILURES = ['prepareMigration', 'migrateDiskAndPowerOff', 'finishMigration', 'confirmMigration', 'finishRevertMigration'];
const HOSTS = ['*', 'cell1-h1', 'cell1-h2'];

describe(`${MOVES} requests at random of servers that move, with failing hypervisors and kills`, () => {
  const broker = useBroker();
  let cloud: TestCloud;
  let truth: CloudTruth;
  const killed: string[] = [];

  const behave = (failing: readonly string[]): void =>
    writeFileSync(join(cloud.stateDir, 'fake-driver.json'), JSON.stringify({ failing, delaysMs: { finishMigration: 200 } }));

  /** Ends a process that takes part in moves, at a moment of its own choosing; the cloud starts it again. */
  const killOne = (): void => {
    const services = cloud.services().filter((name) => /^(agent|compute-agent|.*conductor|scheduler|placement)/.test(name));
    const service = one(services);
    if (cloud.killIfRunning(service)) killed.push(service);
  };

  beforeAll(async () => {
    const shape = ['--cells', '1', '--hosts', '4', '--no-proof', '--log-level', 'info'];
    cloud = await TestCloud.start(['--amqp', broker.url, ...shape], QUICK_SWEEPER);
    truth = await CloudTruth.open(cloud.stateDir);
    behave([]);
    for (let index = 0; index < SERVERS; index++) await cloud.client.boot(`${PREFIX}${index}`);
    await cloud.client.settled(PREFIX, SERVERS, 60);
  }, 300_000);
  afterAll(async () => {
    await truth?.close();
    await cloud?.stop();
  }, 120_000);

  it('every operation comes to its end', async () => {
    for (let count = 0; count < Number(MOVES); count++) {
      if (count % 10 === 9) killOne();
      if (count % 8 === 0) behave(next() < 0.5 ? [] : [`${one(HOSTS)}:${one(FAILURES)}`]);
      const servers = await truth.servers();
      if (servers.length > 0) await one(ACTIONS)(cloud, one(servers).uuid);
      await pause(150);
    }
    behave([]);
    await eventually(async () => expect(await truth.underWay()).toEqual([]), { deadlineMs: 180_000, everyMs: 500 });
    expect(
      (await truth.servers()).filter((server) => server.task_state !== null),
      killed.join(' '),
    ).toEqual([]);
    expect(killed.length).toBeGreaterThan(0);
    expect((await truth.migrations()).length).toBeGreaterThan(0);
  }, 600_000);

  it('placement holds what servers have, and the sources of moves that may be taken back', async () => {
    const waiting = new Set(['finished', 'error']);
    await eventually(
      async () => {
        const [allocations, servers, migrations] = [
          await cloud.client.allocations(),
          await truth.servers(),
          await truth.migrations(),
        ];
        const [living, moves] = [
          new Map(servers.map((server) => [server.uuid, server])),
          new Map(migrations.map((move) => [move.uuid, move])),
        ];
        for (const { uuid, memory_mb } of servers) {
          const amounts = allocations.filter(({ consumer }) => consumer === uuid).map(({ resources }) => resources['MEMORY_MB']);
          expect(amounts, uuid).toEqual([memory_mb]);
        }
        for (const { consumer } of allocations.filter((held) => !living.has(held.consumer))) {
          const move = moves.get(consumer);
          expect([waiting.has(move?.status ?? ''), living.has(move?.instance_uuid ?? '')], `${consumer} ${move?.status}`).toEqual(
            [true, true],
          );
        }
        for (const move of migrations.filter(({ status, instance_uuid }) => status === 'finished' && living.has(instance_uuid)))
          expect(allocations.map(({ consumer }) => consumer)).toContain(move.uuid);
      },
      { deadlineMs: 60_000, everyMs: 1_000 },
    );
  }, 90_000);

  it('each server has one guest, on its host and as it should be, and what may come back is on the source', async () => {
    const servers = await truth.servers();
    const guests = truth.guests();
    expect([...guests.keys()].filter((uuid) => !servers.some((server) => server.uuid === uuid))).toEqual([]);
    for (const { uuid, host, vm_state } of servers.filter((server) => server.vm_state !== 'error')) {
      const power = { active: ['1'], stopped: ['4'], resized: ['1', '4'] }[vm_state] ?? [];
      expect(guests.get(uuid)?.host, `${uuid} ${vm_state}`).toBe(host);
      expect(power, `${uuid} ${vm_state}`).toContain(guests.get(uuid)?.power);
    }
    const sources = (await truth.migrations())
      .filter(({ status }) => status === 'finished')
      .map((move) => `${move.instance_uuid} ${move.source_compute}`);
    const left = truth.movedAway().map(({ uuid, host }) => `${uuid} ${host}`);
    expect(sources.filter((line) => servers.some(({ uuid }) => line.startsWith(uuid)) && !left.includes(line))).toEqual([]);
  });

  it('quota counts servers as what they are, or could be again', async () => {
    const servers = await truth.servers();
    const counted = await truth.counted();
    expect([...counted.keys()].sort()).toEqual(servers.map(({ uuid }) => uuid).sort());
    for (const { uuid, memory_mb, vm_state } of servers) {
      const { ram = 0 } = counted.get(uuid) ?? {};
      if (vm_state === 'resized') expect(ram, uuid).toBeGreaterThanOrEqual(memory_mb);
      else expect(ram, `${uuid} ${vm_state}`).toBe(memory_mb);
    }
  });
});
