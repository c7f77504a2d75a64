import { join } from 'node:path';
import { processEnvironment } from '@kilonova/config';
import { eventually, useBroker } from '@kilonova/testing';
import { pause } from '@kilonova/util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUICK_SWEEPER, TestCloud } from './support/cloud.js';
import { CloudTruth } from './support/cloud-truth.js';
import { anyRequest, POWER, WITHOUT_GUEST } from './support/random-life.js';

const { SERVERS = '8', OPERATIONS = '120', HOSTS = '4', KILLS = '4' } = processEnvironment();
const CLIENTS = 8;
/** Of a hundred requests, how many a busy machine may put off with a 503, which says when to come back. */
const PUT_OFF = 1;
/** Servers that a client looks at before it asks something of one that is busy. */
const LOOKS = 4;
/** Of what is under way, in a failure. */
const SHOWN = 20;
const KILLED = /conductor|scheduler|agent/;

/**
 * Clients ask servers for anything, in any order, while agents, conductors and the scheduler die and come back. At the end
 * the databases of the cells, placement, the ledger of quotas and the hypervisors must tell the same story.
 */
describe(`${OPERATIONS} random requests about ${SERVERS} servers, with ${KILLS} kills`, () => {
  const broker = useBroker();
  let cloud: TestCloud;
  let truth: CloudTruth;
  const uuids: string[] = [];
  const statuses = new Map<string, number>();
  const killed: string[] = [];
  let answered = 0;

  beforeAll(async () => {
    const shape = ['--cells', '2', '--hosts', HOSTS, '--agents', '2', '--no-proof', '--log-level', 'info'];
    cloud = await TestCloud.start(['--amqp', broker.url, ...shape], QUICK_SWEEPER);
    truth = await CloudTruth.open(cloud.stateDir);
    for (let n = 0; n < Number(SERVERS); n++) uuids.push(await cloud.client.boot(`life-${n}`));
    await cloud.client.settled('life-', Number(SERVERS), 240 + Number(SERVERS) / 2);
    progress(`${SERVERS} servers run`);
  }, 1_200_000);
  afterAll(async () => {
    await truth?.close();
    await cloud?.stop();
  }, 120_000);

  it(
    'nothing is refused for a fault of ours',
    async () => {
      let busy = true;
      const storm = kill(() => busy);
      await ask();
      busy = false;
      await storm;
      console.log(`statuses: ${counted()}; killed: ${killed.join(' ')}`);
      expect([...statuses.keys()].filter((status) => status >= '500' && status !== '503')).toEqual([]);
      expect(statuses.get('503') ?? 0).toBeLessThanOrEqual((answered * PUT_OFF) / 100);
      expect(statuses.get('202') ?? 0).toBeGreaterThan(0);
    },
    300_000 + Number(OPERATIONS) * 500 + Number(KILLS) * 20_000,
  );

  it('every server settles, and takes back or confirms its resize', async () => {
    await atRest();
    for (const one of (await truth.servers()).filter(({ vm_state }) => vm_state === 'resized'))
      await cloud.client.ask('POST', `${cloud.endpoints.compute}/servers/${one.uuid}/action`, {
        [Math.random() < 0.5 ? 'confirmResize' : 'revertResize']: null,
      });
    await atRest();
    expect((await truth.servers()).filter((one) => one.task_state !== null || !isSettled(one.vm_state))).toEqual([]);
    expect(await truth.unfinishedMigrations()).toEqual([]);
  }, 1_800_000);

  it('placement holds for each server what its flavor takes, on its host and nowhere else', async () => {
    const expected = (await onHosts()).map(
      (one) => `${one.uuid} ${one.host} ${one.vcpus} VCPU ${one.memory_mb} MiB ${one.disk_gb} GiB`,
    );
    const held = async () =>
      (await cloud.client.allocations())
        .map(
          ({ consumer, provider, resources }) =>
            `${consumer} ${provider} ${resources['VCPU']} VCPU ${resources['MEMORY_MB']} MiB ${resources['DISK_GB']} GiB`,
        )
        .sort();
    await eventually(async () => expect(await held()).toEqual(expected.sort()), { deadlineMs: 60_000, everyMs: 500 });
  }, 120_000);

  it('the hypervisors run what the cells know', async () => {
    const expected = (await onHosts()).map((one) => `${one.uuid} ${one.host} ${POWER[one.vm_state]}`).sort();
    const guests = () => [...truth.guests()].map(([uuid, { host, power }]) => `${uuid} ${host} ${power}`).sort();
    await eventually(async () => expect(guests()).toEqual(expected), { deadlineMs: 60_000, everyMs: 500 });
  }, 120_000);

  it('and quota is counted by the flavors that the servers ended with', async () => {
    const servers = await truth.servers();
    const sum = (of: (one: (typeof servers)[number]) => number) => servers.reduce((total, one) => total + of(one), 0);
    const expected = { instances: servers.length, cores: sum((one) => one.vcpus), ram: sum((one) => one.memory_mb) };
    await eventually(async () => expect(await truth.usedInAll()).toEqual(expected), { deadlineMs: 60_000, everyMs: 500 });
  }, 120_000);

  const began = Date.now();
  const progress = (what: string) => console.log(`${Math.round((Date.now() - began) / 1000)} s: ${what}`);
  const counted = () => [...statuses].map(([status, count]) => `${status} ${count}×`).join(', ');

  const isSettled = (state: string) => POWER[state] !== undefined || WITHOUT_GUEST.has(state);

  const onHosts = async () => (await truth.servers()).filter((one) => one.host !== null);

  /** Whoever is stuck is named. */
  const atRest = async () => {
    await eventually(async () => expect((await truth.underWay()).slice(0, SHOWN)).toEqual([]), {
      deadlineMs: 300_000 + Number(SERVERS) * 500,
      everyMs: 1_000,
    });
    progress('at rest');
  };

  /** One at random, rather one that nothing is being done to. */
  async function anyServer(): Promise<{ readonly uuid: string; readonly status: string }> {
    for (let tries = 1; ; tries++) {
      const uuid = uuids[Math.floor(Math.random() * uuids.length)] ?? '';
      const { server } = await cloud.client.ask<{ server: Record<string, string | null> }>(
        'GET',
        `${cloud.endpoints.compute}/servers/${uuid}`,
      );
      if (tries === LOOKS || server['OS-EXT-STS:task_state'] === null) return { uuid, status: server['status'] ?? '' };
    }
  }

  async function ask(): Promise<void> {
    let next = 0;
    const client = async () => {
      for (; next++ < Number(OPERATIONS); ) {
        const { uuid, status: seen } = await anyServer();
        const url = `${cloud.endpoints.compute}/servers/${uuid}/action`;
        const status = String((await cloud.client.askOnce('POST', url, anyRequest(seen))) ?? 'none');
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (++answered % Math.ceil(Number(OPERATIONS) / 20) === 0)
          progress(`${answered} requests: ${counted()}; ${killed.length} kills`);
        await pause(Math.random() * 600);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
  }

  /** One of the services behind the API after the other, whichever the dice say, all along the requests. */
  async function kill(busy: () => boolean): Promise<void> {
    const services = cloud.services().filter((name) => KILLED.test(name));
    for (let n = 0; n < Number(KILLS); n++) {
      while (busy() && answered < (n * Number(OPERATIONS)) / Number(KILLS)) await pause(100);
      if (!busy()) return;
      const service = services[Math.floor(Math.random() * services.length)] ?? '';
      if (cloud.killIfRunning(service)) killed.push(service);
    }
  }
});
