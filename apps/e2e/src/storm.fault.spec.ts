import { join } from 'node:path';
import { processEnvironment } from '@kilonova/config';
import { eventually, useBroker } from '@kilonova/testing';
import { pause } from '@kilonova/util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUICK_SWEEPER, TestCloud } from './support/cloud.js';
import { CloudTruth } from './support/cloud-truth.js';

const { KILLS = '6', BOOTS = '48' } = processEnvironment();
/** Between two kills; and how many servers are being worked on by clients at once. */
const EVERY_MS = 3_000;
const CLIENTS = 8;
const PREFIX = 'storm-';

/** Every service as its own process on a real broker, each of which may die at any moment. */
describe(`${BOOTS} boots, with deletes, stops and starts, under ${KILLS} kills`, () => {
  const broker = useBroker();
  let cloud: TestCloud;
  let truth: CloudTruth;
  const killed: string[] = [];

  beforeAll(async () => {
    const shape = ['--cells', '2', '--hosts', '5', '--agents', '2', '--no-proof', '--log-level', 'info'];
    cloud = await TestCloud.start(['--amqp', broker.url, ...shape], QUICK_SWEEPER);
    truth = await CloudTruth.open(cloud.stateDir);
    await cloud.client.boot(`${PREFIX}first`);
  }, 240_000);
  afterAll(async () => {
    await truth?.close();
    await cloud?.stop();
  }, 120_000);

  it(
    'every server settles',
    async () => {
      let busy = true;
      const storm = kill(() => busy);
      await clients();
      busy = false;
      await storm;
      await eventually(async () => expect(await truth.underWay()).toEqual([]), { deadlineMs: 240_000, everyMs: 500 });
      const unsettled = (await truth.servers()).filter((one) => one.task_state !== null || one.vm_state === 'building');
      expect(unsettled, `killed: ${killed.join(' ')}`).toEqual([]);
    },
    400_000 + Number(KILLS) * 20_000,
  );

  it('with hosts free, none of them in error', async () => {
    expect((await truth.servers()).filter((one) => one.vm_state === 'error')).toEqual([]);
  });

  it('placement and the hosts hold what the cells know, and nothing besides', async () => {
    await eventually(async () => expect([...(await cloud.client.consumers())].sort()).toEqual(await uuidsOnHosts()), {
      deadlineMs: 60_000,
      everyMs: 500,
    });
    await eventually(async () => expect([...truth.guests()].map(guestLine).sort()).toEqual(await expectedGuests()), {
      deadlineMs: 30_000,
    });
  }, 120_000);

  it('quota is held for the servers there are, and sums up to what is used', async () => {
    const expected = (await truth.servers()).map((one) => one.uuid).sort();
    await eventually(async () => expect([...(await truth.holdings())].sort()).toEqual(expected), { deadlineMs: 60_000 });
    expect([...new Set((await truth.usage()).values())]).toEqual(expected.length === 0 ? [] : [expected.length]);
  }, 120_000);

  it('no dead letter is left behind', async () => {
    expect((await cloud.kilonova('dlq', 'list')).trim().split('\n')).toHaveLength(2);
  }, 60_000);

  it('and all of it can be deleted', async () => {
    await cloud.client.deleteAll(PREFIX, 240);
    await eventually(async () => expect([await truth.servers(), [...truth.guests()]]).toEqual([[], []]), { deadlineMs: 60_000 });
    await eventually(async () => expect(await truth.holdings()).toEqual([]), { deadlineMs: 60_000 });
    await eventually(async () => expect(await cloud.client.consumers()).toEqual([]), { deadlineMs: 60_000 });
  }, 400_000);

  /** One service after the other, whichever the dice say, for as long as there is something to disturb. */
  async function kill(busy: () => boolean): Promise<void> {
    const services = cloud.services().filter((name) => !/^(up|postgres)/.test(name));
    for (let n = 0; n < Number(KILLS); n++) {
      const service = services[Math.floor(Math.random() * services.length)] ?? '';
      if (cloud.killIfRunning(service)) killed.push(service);
      await pause(EVERY_MS / (busy() ? 1 : 3));
    }
  }

  /** Each client boots servers and does to them what clients do, also before they are there; not all of them ask twice. */
  async function clients(): Promise<void> {
    let next = 0;
    const client = async () => {
      for (let n = next++; n < Number(BOOTS); n = next++) await life(n);
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
  }

  async function life(n: number): Promise<void> {
    const uuid = await cloud.client.boot(`${PREFIX}${n}`);
    const server = `${cloud.endpoints.compute}/servers/${uuid}`;
    const act = (name: string) => cloud.client.act(uuid, name);
    await pause(Math.random() * 1_500);
    if (n % 4 === 1) await cloud.client.askOnce('DELETE', server);
    if (n % 4 < 2) return;
    await act('os-stop');
    await pause(Math.random() * 1_500);
    await act(n % 4 === 2 ? 'os-start' : 'os-stop');
    if (n % 8 === 7) await cloud.client.askOnce('DELETE', server);
  }

  const uuidsOnHosts = async () =>
    (await truth.servers())
      .filter((one) => one.host !== null)
      .map((one) => one.uuid)
      .sort();

  const guestLine = ([uuid, { host, power }]: [string, { host: string; power: string }]) => `${uuid} ${host} ${power}`;

  const expectedGuests = async () =>
    (await truth.servers())
      .filter((one) => one.host !== null)
      .map((one) => `${one.uuid} ${one.host} ${one.vm_state === 'stopped' ? '4' : '1'}`)
      .sort();
});
