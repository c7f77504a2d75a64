import { randomUUID } from 'node:crypto';
import { messages } from '@kilonova/compute-objects';
import { messageSamples } from '@kilonova/compute-samples';
import { agentUser, CONTROLLER_USER, conductorUser } from '@kilonova/messaging';
import { eventually, RawClient } from '@kilonova/testing';
import type { MessageInfo } from '@kilonova/util';
import type { Channel } from 'amqplib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CELL, DeployedCell, HOSTS, type Served } from './spec-support/deployed-cell.js';

/** The samples speak of `h1`; the attacker holds the password of the agent of `h2`. */
const [VICTIM, MINE] = HOSTS;
const ATTACKER = agentUser(MINE);
const QUEUES = [`${CELL}.conductor`, ...HOSTS.map((host) => `${CELL}.compute.${host}`)];
/** Its own agent believes what it says of first senders: so it keeps them when it tries again. It lies to itself alone. */
const OWN = `${CELL}.compute.${MINE}`;
const MIB = 1024 * 1024;

const catalogue = Object.entries(messages).map(
  ([key, message]) => [message.name, message as MessageInfo, messageSamples[key as keyof typeof messages]] as const,
);

/** What even an agent of the right host may not send to its conductor. */
const CONTROL_PLANE_ONLY: readonly string[] = [messages.rescheduleBuild.name];

type Attempt = readonly [string, { readonly userId?: string; readonly headers?: Record<string, unknown> }, readonly string[]];

/** By guards, or because the queue's server knows no such message. */
const REFUSED = [
  'conductor.agent.foreign_host',
  'conductor.sender.refused',
  'agent.sender.refused',
  'messaging.method.unknown',
  'messaging.arguments.invalid',
];

/** Ways to send something that one may not, with the codes of their refusals; none: the broker itself refuses. */
const ATTEMPTS: readonly Attempt[] = [
  ['unsigned', {}, ['messaging.sender.missing']],
  ['unsigned, naming another', { headers: { 'kn-sender': CONTROLLER_USER } }, ['messaging.sender.missing']],
  ...[CONTROLLER_USER, conductorUser(CELL), agentUser(VICTIM)].map((userId): Attempt => [`as ${userId}`, { userId }, []]),
  ['signed', { userId: ATTACKER }, REFUSED],
  ['signed, naming another', { userId: ATTACKER, headers: { 'kn-sender': CONTROLLER_USER } }, REFUSED],
];

/** Messages say their version, without which they would be taken for the first. */
const versioned = <T extends object>({ version }: MessageInfo, properties: T) => ({
  ...properties,
  headers: { 'kn-message-version': version, ...('headers' in properties ? (properties.headers as object) : {}) },
});

describe('every message, from an agent to every queue of its cell', () => {
  const cell = new DeployedCell();
  let attacker: RawClient;
  let controller: RawClient;
  let graves: Channel;

  beforeAll(async () => {
    await cell.start();
    attacker = await RawClient.connect(cell.url(ATTACKER), CELL);
    controller = await RawClient.connect(cell.url(CONTROLLER_USER), CELL);
    graves = await controller.channel();
  });
  beforeEach(() => cell.clear());
  afterAll(async () => {
    await Promise.all([attacker?.close(), controller?.close()]);
    await cell.close();
  });

  const at = (queue: string): Served => {
    const served = cell.served.find((one) => one.queue === queue);
    if (served === undefined) throw new Error(`nobody serves ${queue}`);
    return served;
  };

  /** The code under which a cast was buried; it is taken out of its grave. */
  async function graveOf(queue: string, messageId: string): Promise<unknown> {
    const topic = queue.split('.')[1] ?? '';
    return eventually(
      async () => {
        const letter = await graves.get(`${CELL}.dead.${topic}`, { noAck: true });
        expect(letter && letter.properties.messageId).toBe(messageId);
        return letter && letter.properties.headers?.['kn-dead-code'];
      },
      { everyMs: 2 },
    );
  }

  async function send(queue: string, message: MessageInfo, args: unknown, claims: Attempt[1]): Promise<unknown> {
    const how = versioned(message, claims);
    if (message.kind === 'call') return attacker.call(queue, message.name, args, how);
    const messageId = randomUUID();
    const taken = await attacker.cast(queue, message.name, args, { ...how, messageId });
    return taken === 'refused' ? taken : { code: await graveOf(queue, messageId) };
  }

  describe.each(catalogue)('%s', (_name, message, sample) => {
    it.each(QUEUES)('C3: is refused at %s whoever it claims to be from; logged, counted, without effect', async (queue) => {
      for (const [how, properties, codes] of ATTEMPTS) {
        if (queue === OWN && properties.headers !== undefined && properties.userId === ATTACKER) continue;
        cell.clear();
        const outcome = await send(queue, message, sample, properties);
        if (codes.length === 0) expect(outcome, how).toBe('refused');
        else
          expect(
            codes.map((code) => ({ code })),
            how,
          ).toContainEqual(outcome);
        expect(cell.touched(), how).toEqual([]);
        const refusals = cell.served.map(({ events }) => events.filter(({ type }) => type === 'refused').length);
        expect(refusals, how).toEqual(cell.served.map((one) => (codes.length > 0 && one.queue === queue ? 1 : 0)));
        if (properties.userId === ATTACKER) expect(JSON.stringify(at(queue).lines), how).toContain(ATTACKER);
      }
    });

    it.each(QUEUES)('H7: is refused at %s when it is too large, unread', async (queue) => {
      const args = Buffer.from(JSON.stringify('x'.repeat(MIB)));
      expect(await send(queue, message, args, { userId: ATTACKER })).toEqual({ code: 'messaging.message.too_large' });
      expect(cell.touched()).toEqual([]);
    });
  });

  const own = catalogue.filter(
    ([name, { level, topic }]) => level === 'cell' && topic === 'conductor' && !CONTROL_PLANE_ONLY.includes(name),
  );
  const orders = catalogue.filter(([, { level, topic }]) => level === 'cell' && topic === 'compute');

  it.each(own)('C3: %s is taken from the agent that it speaks of', async (_name, message, sample) => {
    const victim = await RawClient.connect(cell.url(agentUser(VICTIM)), CELL);
    const properties = versioned(message, { userId: agentUser(VICTIM), messageId: randomUUID() });
    const queue = `${CELL}.conductor`;
    if (message.kind === 'call') await victim.call(queue, message.name, sample, properties);
    else await victim.cast(queue, message.name, sample, properties);
    await eventually(() => expect(cell.touched()).not.toEqual([]));
    await victim.close();
    cell.clear();
  });

  describe.each(orders)('%s from the control plane', (_name, message, sample) => {
    const queue = `${CELL}.compute.${VICTIM}`;

    it('is taken', async () => {
      const properties = versioned(message, { userId: CONTROLLER_USER, messageId: randomUUID() });
      if (message.kind === 'call') await controller.call(queue, message.name, sample, properties);
      else await controller.cast(queue, message.name, sample, properties);
      // What the handler does or fails at is not asked here.
      await eventually(() => expect(at(queue).events.map(({ type }) => type)).toContain('handled'));
      expect(at(queue).events.map(({ type }) => type)).not.toContain('refused');
    });
  });

  describe.each(orders.filter(([, { kind }]) => kind === 'call'))('%s, a call', (_name, message, sample) => {
    it('is not run when nobody waits for it any more', async () => {
      const queue = `${CELL}.compute.${VICTIM}`;
      const late = { 'kn-deadline': Date.now() - 1_000 };
      expect(
        await controller.call(queue, message.name, sample, versioned(message, { userId: CONTROLLER_USER, headers: late })),
      ).toBe('silence');
      expect(cell.touched()).toEqual([]);
    });
  });

  describe.each(orders.filter(([, { kind }]) => kind === 'cast'))('%s, a cast', (_name, message, sample) => {
    const queue = `${CELL}.compute.${VICTIM}`;

    it('is not taken for one that an agent sent under its id', async () => {
      const properties = versioned(message, { userId: CONTROLLER_USER, messageId: randomUUID() });
      await attacker.cast(queue, message.name, sample, { ...properties, userId: ATTACKER });
      await graveOf(queue, properties.messageId);
      await controller.cast(queue, message.name, sample, properties);
      await eventually(() => expect(at(queue).events.filter(({ type }) => type === 'handled').length).toBeGreaterThan(1));
    });
  });

  it('C3: an agent enters no virtual host but that of its cell', async () => {
    await expect(RawClient.connect(cell.url(ATTACKER, 'api'), 'api')).rejects.toThrow('ConnectionClose');
  });
});
