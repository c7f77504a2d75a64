import { randomUUID } from 'node:crypto';
import { eventually, RawClient, useBroker } from '@kilonova/testing';
import { conflict, forbidden, systemCtx } from '@kilonova/util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createBusServer } from '../bus/create-bus-server.js';
import { createMessageBus } from '../bus/create-message-bus.js';
import type { DeadLetters } from '../dead-letters/dead-letter.js';
import { openDeadLetters } from '../dead-letters/open-dead-letters.js';
import type { Delivery } from '../port/delivery.js';
import { anyCast } from '../spec-support/any-message.js';
import { loadTopology } from '../spec-support/load-topology.js';
import { quietLog } from '../spec-support/quiet-log.js';
import { userOf } from './amqp-url.js';
import { agentRights, controlPlaneRights } from './broker-rights.js';
import { preparedHost, preparedTopology } from './prepared-topology.js';

const broker = useBroker();
const closers: Array<() => Promise<void>> = [];
let cell: string;
let [mine, other] = ['', ''];
let attacker: RawClient;
let letters: DeadLetters;
let seen: Delivery[];
let refuse: boolean;

const own = () => ({ userId: `compute.${mine}` });
const queueOf = (host: string) => `${cell}.compute.${host}`;

beforeEach(async () => {
  cell = `d${randomUUID().slice(0, 8)}`;
  [mine, other] = [`a-${cell}`, `b-${cell}`];
  [seen, refuse] = [[], true];
  const admin = await RawClient.connect(broker.url, cell);
  await loadTopology(
    await admin.channel(),
    preparedTopology(broker.vhost, cell, 'compute'),
    preparedHost(broker.vhost, cell, other),
  );
  // With more rights than an agent has: what servers and tools hold by themselves.
  attacker = await RawClient.connect(await broker.user(`compute.${mine}`, controlPlaneRights()), cell);
  const url = await broker.user(`compute.${other}`, agentRights(cell, other));
  const server = createBusServer(
    {
      url,
      cell,
      topic: 'compute',
      hosts: [other],
      prefetch: 1,
      drainMs: 1_000,
      topology: 'prepared',
      controlPlaneUsers: [userOf(broker.url)],
      log: quietLog,
    },
    async (_method, _args, delivery) => {
      if (delivery.sender.kind !== 'control-plane') throw forbidden('agent.sender.refused', 'no');
      if (refuse) throw conflict('x.y.z', 'not now');
      seen.push(delivery);
    },
  );
  await server.start();
  letters = openDeadLetters({ url: broker.url, cell });
  closers.push(
    () => admin.close(),
    () => attacker.close(),
    () => server.close(),
    () => letters.close(),
  );
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const buried = (count: number) => eventually(async () => expect(await letters.list('compute')).toHaveLength(count));

/** Puts a letter on the shelf by hand. */
const forge = (messageId: string, headers: Record<string, unknown>, properties = {}) =>
  attacker.cast(`${cell}.dead.compute`, 'terminate_instance', {}, { messageId, ...properties, headers }, 'kilonova.dlx');

const LETTER = { 'kn-dead-kind': 'conflict', 'kn-dead-code': 'x.y.z', 'kn-dead-message': 'm', 'kn-dead-at': 1 };

it('H8: a letter of the control plane is sent again as such', async () => {
  const bus = createMessageBus({ url: broker.url, cell, log: quietLog });
  closers.push(() => bus.close());
  await bus.cast(systemCtx(), anyCast('m', 'compute'), { topic: 'compute', host: other }, {}, { messageId: 'good' });
  await buried(1);
  expect(await letters.show('compute', 'good')).toMatchObject({ sender: { kind: 'control-plane', name: userOf(broker.url) } });
  refuse = false;
  expect(await letters.replay('compute', 'all')).toEqual({ sent: ['good'], kept: [] });
  await eventually(() => expect(seen).toHaveLength(1));
});

it('H8: what a guard refused is not sent again, and by force under the name of its first sender', async () => {
  refuse = false;
  await attacker.cast(queueOf(other), 'terminate_instance', {}, { ...own(), messageId: 'evil' });
  await buried(1);
  expect(await letters.replay('compute', 'all')).toEqual({ sent: [], kept: [{ messageId: 'evil', why: 'refused' }] });
  expect(await letters.replay('compute', ['evil'], { force: true })).toMatchObject({ sent: ['evil'] });
  await buried(1);
  expect(await letters.show('compute', 'evil')).toMatchObject({
    sender: { kind: 'user', name: `compute.${mine}` },
    reason: { code: 'agent.sender.refused' },
  });
  expect(seen).toEqual([]);
});

it("H8: a letter that was put there by hand is not sent again, and never as the control plane's", async () => {
  refuse = false;
  const claims = { ...LETTER, 'kn-dead-queue': queueOf(other), 'kn-sender': userOf(broker.url) };
  const asBroker = {
    'x-first-death-queue': queueOf(other),
    'x-first-death-reason': 'delivery_limit',
    'kn-sender': userOf(broker.url),
  };
  await forge('signed', claims, own());
  await forge('unsigned', claims);
  await forge('by-the-broker', asBroker, own());
  await forge('by-the-broker-unsigned', asBroker);
  await buried(4);
  const { kept } = await letters.replay('compute', 'all');
  expect(kept.filter(({ messageId }) => messageId !== 'by-the-broker').map(({ messageId, why }) => [messageId, why])).toEqual([
    ['signed', 'forged'],
    ['unsigned', 'forged'],
    ['by-the-broker-unsigned', 'forged'],
  ]);
  await letters.replay('compute', 'all', { force: true });
  await eventually(async () =>
    expect((await letters.list('compute')).map(({ reason }) => reason.code)).toEqual(new Array(4).fill('agent.sender.refused')),
  );
  expect(seen).toEqual([]);
});

it('H8: letters that come back at once are sent once', async () => {
  const bus = createMessageBus({ url: broker.url, cell, log: quietLog });
  closers.push(() => bus.close());
  const ids = Array.from({ length: 40 }, (_, index) => `m${index}`);
  for (const messageId of ids) {
    await bus.cast(systemCtx(), anyCast('m', 'compute'), { topic: 'compute', host: other }, {}, { messageId });
  }
  await buried(ids.length);
  const { sent } = await letters.replay('compute', 'all');
  expect([...sent].sort()).toEqual([...ids].sort());
});

it('H8: a letter goes to no queue but those of its shelf', async () => {
  for (const queue of [`${cell}.conductor`, `${cell}.compute`, `x.compute.${other}`]) {
    await forge(queue, { ...LETTER, 'kn-dead-queue': queue }, own());
  }
  await buried(3);
  const { sent, kept } = await letters.replay('compute', 'all', { force: true });
  expect([sent, kept.map(({ why }) => why)]).toEqual([[], new Array(3).fill('foreign-queue')]);
});
