import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processEnvironment } from '@kilonova/config';
import { eventually, useBroker } from '@kilonova/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Asked, STEP_CASES, type StepCase } from './spec-support/step-cases.js';
import { QUICK_SWEEPER, TestCloud } from './support/cloud.js';
import { CloudTruth } from './support/cloud-truth.js';
import { POWER } from './support/random-life.js';

// A server for each operation of the table, all asked for at once; when they are in a step, before it or just through
// with it, processes get SIGKILL. Every operation must come to the end that it would have come to anyway.

const HOSTS = 6;
const DOWN = `cell1-host${HOSTS}`;
/** What each method of the hypervisors takes until something is killed, milliseconds: the first step is one of many at once. */
const stepMs = (step: number): number => (step === 0 ? 8_000 : 3_000);
const LONGEST = Math.max(...STEP_CASES.map(({ steps }) => steps.length));

/** Of guests, by the states in which their servers may end here. */
const GUEST_POWER: typeof POWER = { ...POWER, resized: POWER['active'], 'soft-delete': POWER['stopped'] };

const VICTIMS = { agents: /agent/, conductors: /conductor/, both: /agent|conductor/ } as const;
type Victims = keyof typeof VICTIMS;
type Moment = 'before' | 'in' | 'after';
type Wave = readonly [step: number, moment: Moment, victims: Victims];

/** WAVES=all: each kind of process, at each moment of each step; else one of them. */
const all = (['agents', 'conductors'] as const).flatMap((victims) =>
  Array.from({ length: LONGEST }, (_, step) => step).flatMap((step): Wave[] => [
    ...(step === 0 ? ([[step, 'before', victims]] satisfies Wave[]) : []),
    [step, 'in', victims],
    [step, 'after', victims],
  ]),
);
const few: readonly Wave[] = [[0, 'in', 'both']];
const WAVES: readonly Wave[] = processEnvironment()['WAVES'] === 'all' ? all : few;

describe('processes that are killed in every step of every operation', () => {
  const broker = useBroker();
  let cloud: TestCloud;
  let truth: CloudTruth;

  beforeAll(async () => {
    const shape = ['--cells', '1', '--hosts', String(HOSTS), '--agents', '2', '--no-proof', '--log-level', 'info'];
    cloud = await TestCloud.start(['--amqp', broker.url, ...shape], {
      ...QUICK_SWEEPER,
      KILONOVA_CONDUCTOR_SHELVED_OFFLOAD_SECONDS: '-1',
      KILONOVA_COMPUTE_API_RECLAIM_INSTANCE_INTERVAL_SECONDS: '3600',
      KILONOVA_SWEEPER_RECLAIM_INSTANCE_INTERVAL_SECONDS: '3600',
    });
    truth = await CloudTruth.open(cloud.stateDir);
  }, 300_000);
  afterAll(async () => {
    await truth?.close();
    await cloud?.stop();
  }, 120_000);

  it.each(WAVES)(
    'step %i, %s it: %s',
    async (step, moment, victims) => {
      const cases = STEP_CASES.filter(({ steps }) => steps.length > step);
      await forceDown(false);
      await cleared();
      const uuids = await prepared(cases);
      behave(stepMs(step));
      if (moment === 'before') kill(victims);
      const asked = Promise.all(cases.map((one) => ask(one, uuids)));
      if (moment !== 'before') {
        await Promise.all([asked, reached(cases, uuids, step, moment)]);
        kill(victims);
      }
      behave(0);
      await asked;
      await atRest();
      await endedAsTheTableSays(cases, uuids);
    },
    300_000,
  );

  const behave = (ms: number): void =>
    writeFileSync(join(cloud.stateDir, 'fake-driver.json'), JSON.stringify(ms === 0 ? {} : { delaysMs: { '*': ms } }));

  const kill = (victims: Victims): void => {
    for (const service of cloud.services().filter((name) => VICTIMS[victims].test(name))) cloud.killIfRunning(service);
  };

  /** Nobody is told anything of it any more, which agents say with their beats. */
  const atRest = () => eventually(async () => expect(await truth.underWay()).toEqual([]), { deadlineMs: 150_000, everyMs: 250 });

  const idle = () => eventually(async () => expect(await truth.operations()).toEqual([]), { deadlineMs: 60_000, everyMs: 100 });

  const compute = () => cloud.endpoints.compute;

  async function send(uuid: string, asked: Exclude<Asked, 'POST'>): Promise<void> {
    if (asked === 'DELETE') return cloud.client.ask('DELETE', `${compute()}/servers/${uuid}`);
    const body = JSON.parse(JSON.stringify(asked).replace('"IMAGE"', JSON.stringify(await cloud.client.imageId())));
    const headers = { 'openstack-api-version': 'compute 2.90, kilonova 1.0' };
    await cloud.client.ask('POST', `${compute()}/servers/${uuid}/action`, body, headers);
  }

  /** Servers where their operations may be asked for, by operation; the host that will be down has nothing else. */
  async function prepared(cases: readonly StepCase[]): Promise<Map<string, string>> {
    const uuids = new Map<string, string>();
    const existing = cases.filter(({ ask: asked }) => asked !== 'POST');
    await Promise.all(
      existing.map(async ({ operation, hostDown }, index) => {
        const host = hostDown === true ? DOWN : `cell1-host${1 + (index % (HOSTS - 1))}`;
        uuids.set(operation, await cloud.client.boot(`step-${operation}`, { host }));
      }),
    );
    await cloud.client.settled('step-', existing.length, 60);
    for (let round = 0; existing.some(({ from }) => from.length > round); round++) {
      await Promise.all(
        existing.flatMap(({ operation, from }) => {
          const asked = from[round];
          return asked === undefined ? [] : [send(uuids.get(operation) ?? '', asked)];
        }),
      );
      await idle();
    }
    if (existing.some(({ hostDown }) => hostDown)) await forceDown(true);
    return uuids;
  }

  async function ask({ operation, ask: asked }: StepCase, uuids: Map<string, string>): Promise<void> {
    if (asked === 'POST') uuids.set(operation, await cloud.client.boot(`step-${operation}`));
    else await send(uuids.get(operation) ?? '', asked);
  }

  /** All that may be are in the step (some are through it in no time), or the first of them is behind it. */
  async function reached(cases: readonly StepCase[], uuids: Map<string, string>, step: number, moment: Moment): Promise<void> {
    const wanted = cases.map(({ operation, steps }) => `${uuids.get(operation)} ${steps[step]}`);
    let most = 0;
    await eventually(
      async () => {
        const now = new Set((await truth.operations()).map((one) => `${one.uuid} ${one.step} ${one.state}`));
        const inStep = wanted.filter((one) => now.has(`${one} taken`)).length;
        most = Math.max(most, inStep);
        if (moment === 'in') expect(inStep).toBeGreaterThan(wanted.length / 2);
        else expect([most > 0, inStep < most]).toEqual([true, true]);
      },
      { deadlineMs: 60_000, everyMs: 50 },
    );
  }

  async function endedAsTheTableSays(cases: readonly StepCase[], uuids: Map<string, string>): Promise<void> {
    const servers = new Map((await truth.servers()).map((one) => [one.uuid, one]));
    const seen = cases.map(({ operation }) => {
      const one = servers.get(uuids.get(operation) ?? '');
      return [operation, one?.vm_state ?? null, one?.task_state ?? null, one?.fault ?? null];
    });
    expect(seen).toEqual(cases.map(({ operation, ends }) => [operation, ends, null, null]));
    const waiting = cases.filter(({ ends }) => ends === 'resized').map(({ operation }) => [uuids.get(operation), 'finished']);
    const unfinished = (await truth.unfinishedMigrations()) as Array<{ uuid: string; status: string }>;
    expect(unfinished.map(({ uuid, status }) => [uuid, status])).toEqual(waiting);
    if (cases.some(({ hostDown }) => hostDown)) await forceDown(false);
    await theLedgerIsRight([...servers.values()]);
  }

  async function theLedgerIsRight(servers: Awaited<ReturnType<CloudTruth['servers']>>): Promise<void> {
    const onHosts = servers.filter((one) => one.host !== null);
    const known = new Set(servers.map(({ uuid }) => uuid));
    const expected = onHosts.map((one) => `${one.uuid} ${one.host} ${one.vcpus}`).sort();
    const held = async () =>
      (await cloud.client.allocations())
        .filter(({ consumer }) => known.has(consumer))
        .map(({ consumer, provider, resources }) => `${consumer} ${provider} ${resources['VCPU']}`)
        .sort();
    await eventually(async () => expect(await held()).toEqual(expected), { deadlineMs: 60_000, everyMs: 500 });
    const guests = () => [...truth.guests()].map(([uuid, { host, power }]) => `${uuid} ${host} ${power}`).sort();
    const running = onHosts.map((one) => `${one.uuid} ${one.host} ${GUEST_POWER[one.vm_state]}`).sort();
    await eventually(async () => expect(guests()).toEqual(running), { deadlineMs: 60_000, everyMs: 500 });
    const counted = servers.filter(({ vm_state }) => vm_state !== 'soft-delete');
    const sum = (of: (one: (typeof servers)[number]) => number) => counted.reduce((total, one) => total + of(one), 0);
    const used = { instances: counted.length, cores: sum((one) => one.vcpus), ram: sum((one) => one.memory_mb) };
    await eventually(async () => expect(await truth.usedInAll()).toEqual(used), { deadlineMs: 60_000, everyMs: 500 });
  }

  /** Nothing is left for the next wave. */
  async function cleared(): Promise<void> {
    for (const { uuid } of await truth.servers()) await send(uuid, { forceDelete: null });
    await idle();
    await eventually(async () => expect(await cloud.client.allocations()).toEqual([]), { deadlineMs: 60_000, everyMs: 500 });
  }

  /** A host that comes up again has to be rid of what was made anew elsewhere: its agent sees to that when it starts. */
  async function forceDown(forced_down: boolean): Promise<void> {
    const path = `${compute()}/os-services?binary=nova-compute&host=${DOWN}`;
    const { services } = await cloud.client.ask<{ services: Array<{ id: string }> }>('GET', path);
    const put = () => cloud.client.askOnce('PUT', `${compute()}/os-services/${services[0]?.id}`, { forced_down });
    if ((await put()) === 200) return;
    kill('agents');
    await eventually(async () => expect(await put()).toBe(200), { deadlineMs: 60_000, everyMs: 500 });
  }
});
