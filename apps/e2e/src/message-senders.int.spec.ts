import { randomUUID } from 'node:crypto';
import { messages } from '@kilonova/compute-objects';
import { messageSamples } from '@kilonova/compute-samples';
import { agentUser, CONTROLLER_USER, conductorUser } from '@kilonova/messaging';
import { eventually, RawClient } from '@kilonova/testing';
import type { MessageInfo } from '@kilonova/util';
import type { MessageProperties } from 'amqplib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CELL, DeployedCell, HOSTS, type Served } from './spec-support/deployed-cell.js';

/** The samples speak of `h1`; the attacker holds the password of the agent of `h2`. */
const [VICTIM, MINE] = HOSTS;
const ATTACKER = agentUser(MINE);
const QUEUES = [`${CELL}.conductor`, ...HOSTS.map((host) => `${CELL}.compute.${host}`)];
/** Its own agent believes what it says of first senders: so it keeps them when it tries again. It lies to itself alone. */
const OWN = `${CELL}.compute.${MINE}`;
const LARGE = Buffer.from(JSON.stringify('x'.repeat(1024 * 1024)));

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
  /** The codes of those that were buried, by shelf and message. */
  const graves = new Map<string, unknown>();

  beforeAll(async () => {
    await cell.start();
    attacker = await RawClient.connect(cell.url(ATTACKER), CELL);
    controller = await RawClient.connect(cell.url(CONTROLLER_USER), CELL);
    await watchGraves();
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

  async function watchGraves(): Promise<void> {
    const channel = await controller.channel();
    for (const topic of ['conductor', 'compute']) {
      const bury = ({ messageId, headers }: MessageProperties) => graves.set(`${topic} ${messageId}`, headers?.['kn-dead-code']);
      await channel.consume(`${CELL}.dead.${topic}`, (letter) => letter && bury(letter.properties), { noAck: true });
    }
  }

  /** The code under which a cast was buried. */
  async function graveOf(queue: string, messageId: string): Promise<unknown> {
    const grave = `${queue.split('.')[1]} ${messageId}`;
    await eventually(() => expect([...graves.keys()]).toContain(grave), { everyMs: 2 });
    return graves.get(grave);
  }

  async function send(queue: string, message: MessageInfo, args: unknown, claims: Attempt[1]): Promise<unknown> {
    const how = versioned(message, claims);
    if (message.kind === 'call') return attacker.call(queue, message.name, args, how);
    const messageId = randomUUID();
    const taken = await attacker.cast(queue, message.name, args, { ...how, messageId });
    return taken === 'refused' ? taken : { code: await graveOf(queue, messageId) };
  }

  /** Tries all ways at once, and compares what came of each. */
  async function attack(queue: string, message: MessageInfo, sample: unknown): Promise<void> {
    const honest = (properties: Attempt[1]): boolean => properties.headers === undefined || properties.userId !== ATTACKER;
    const attempts = ATTEMPTS.filter(([, properties]) => queue !== OWN || honest(properties));
    const outcomes = await Promise.all(attempts.map(async ([, properties]) => send(queue, message, sample, properties)));
    const expected = attempts.map(([how, , codes]) => ({
      how,
      outcome: codes.length === 0 ? 'refused' : { code: expect.toBeOneOf([...codes]) },
    }));
    expect(
      attempts.map(([how], at) => ({ how, outcome: outcomes[at] })),
      queue,
    ).toEqual(expected);
    const codes = outcomes.flatMap((outcome) => (outcome === 'refused' ? [] : [(outcome as { code: string }).code]));
    const { events, lines } = at(queue);
    expect(events.flatMap((event) => (event.type === 'refused' ? [event.code] : [])).sort(), queue).toEqual(codes.sort());
    const signed = attempts.filter(([, { userId }]) => userId === ATTACKER);
    expect(lines.filter((line) => JSON.stringify(line).includes(ATTACKER)).length, queue).toBeGreaterThanOrEqual(signed.length);
  }

  describe.each(catalogue)('%s', (_name, message, sample) => {
    it('C3: is refused at every queue whoever it claims to be from; logged, counted, without effect', async () => {
      await Promise.all(QUEUES.map((queue) => attack(queue, message, sample)));
      expect(cell.touched()).toEqual([]);
    });

    it('H7: is refused at every queue when it is too large, unread', async () => {
      const outcomes = await Promise.all(QUEUES.map((queue) => send(queue, message, LARGE, { userId: ATTACKER })));
      expect(outcomes).toEqual(QUEUES.map(() => ({ code: 'messaging.message.too_large' })));
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

  it('calls are not run when nobody waits for them any more', async () => {
    const calls = orders.filter(([, { kind }]) => kind === 'call');
    const queue = `${CELL}.compute.${VICTIM}`;
    const late = { userId: CONTROLLER_USER, headers: { 'kn-deadline': Date.now() - 1_000 } };
    const outcomes = calls.map(([name, message, sample]) => controller.call(queue, name, sample, versioned(message, late)));
    expect(await Promise.all(outcomes)).toEqual(calls.map(() => 'silence'));
    expect(cell.touched()).toEqual([]);
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
