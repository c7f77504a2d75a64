import { randomUUID } from 'node:crypto';
import { messages } from '@kilonova/compute-objects';
import { messageSamples } from '@kilonova/compute-samples';
import { agentUser, CONTROLLER_USER, conductorUser } from '@kilonova/messaging';
import { eventually, RawClient } from '@kilonova/testing';
import type { MessageInfo } from '@kilonova/util';
import type { MessageProperties } from 'amqplib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CELL, DeployedCell, HOSTS, INSIDER, type Served } from './spec-support/deployed-cell.js';

/** The samples speak of `h1`; the attacker holds the password of the agent of `h2`. */
const [VICTIM, MINE] = HOSTS;
const AGENT = agentUser(MINE);
const CONDUCTOR = `${CELL}.conductor`;
const QUEUES = [CONDUCTOR, ...HOSTS.map((host) => `${CELL}.compute.${host}`)];
/** What an agent could name as exchange; by its own it reaches no queue of others under any key. */
const EXCHANGES = [
  ['kilonova.cmd', 'refused'],
  ['', 'refused'],
  [`${CELL}.compute.${VICTIM}.out`, 'refused'],
  [`${CELL}.compute.${MINE}.out`, 'nowhere'],
] as const;
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
const attemptsOf = (user: string): readonly Attempt[] => [
  ['unsigned', {}, ['messaging.sender.missing']],
  ['unsigned, naming another', { headers: { 'kn-sender': CONTROLLER_USER } }, ['messaging.sender.missing']],
  ...[CONTROLLER_USER, conductorUser(CELL), agentUser(VICTIM)].map((userId): Attempt => [`as ${userId}`, { userId }, []]),
  ['signed', { userId: user }, REFUSED],
  ['signed, naming another', { userId: user, headers: { 'kn-sender': CONTROLLER_USER } }, REFUSED],
];

/** Messages say their version, without which they would be taken for the first. */
const versioned = <T extends object>({ version }: MessageInfo, properties: T) => ({
  ...properties,
  headers: { 'kn-message-version': version, ...('headers' in properties ? (properties.headers as object) : {}) },
});

describe('every message, from an agent to every queue of its cell', () => {
  const cell = new DeployedCell();
  let agent: RawClient;
  /** An agent whom the broker lets send anywhere, for what receivers hold by themselves. */
  let insider: RawClient;
  let controller: RawClient;
  /** The codes of those that were buried, by shelf and message. */
  const graves = new Map<string, unknown>();

  beforeAll(async () => {
    await cell.start();
    agent = await RawClient.connect(cell.url(AGENT), CELL, MINE);
    insider = await RawClient.connect(cell.url(INSIDER), CELL);
    controller = await RawClient.connect(cell.url(CONTROLLER_USER), CELL);
    await Promise.all([watchGraves(), agent.hello()]);
  });
  beforeEach(() => cell.clear());
  afterAll(async () => {
    await Promise.all([agent?.close(), insider?.close(), controller?.close()]);
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
    if (message.kind === 'call') return insider.call(queue, message.name, args, how);
    const messageId = randomUUID();
    const taken = await insider.cast(queue, message.name, args, { ...how, messageId });
    return taken === 'taken' ? { code: await graveOf(queue, messageId) } : taken;
  }

  /** Tries all ways at once, and compares what came of each. */
  async function attack(queue: string, user: string, deed: (claims: Attempt[1]) => Promise<unknown>): Promise<void> {
    const attempts = attemptsOf(user);
    const outcomes = await Promise.all(attempts.map(([, properties]) => deed(properties)));
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
    const signed = attempts.filter(([, { userId }]) => userId === user);
    expect(lines.filter((line) => JSON.stringify(line).includes(user)).length, queue).toBeGreaterThanOrEqual(signed.length);
  }

  describe.each(catalogue)('%s', (_name, message, sample) => {
    it('C3: is brought to no queue of another by an agent', async () => {
      const claims = versioned(message, { userId: AGENT });
      const keys = QUEUES.flatMap((queue) => [queue, `${queue}${queue === CONDUCTOR ? '.call' : '.calls'}`]);
      const ways = EXCHANGES.flatMap(([exchange, verdict]) => keys.map((key) => ({ exchange, key, verdict })));
      const sent = ways.map(async ({ exchange, key }) => ({
        exchange,
        key,
        verdict: await agent.cast(key, message.name, sample, claims, exchange),
      }));
      expect(await Promise.all(sent)).toEqual(ways);
      expect([cell.touched(), cell.served.flatMap(({ events }) => events.filter(({ type }) => type === 'refused'))]).toEqual([
        [],
        [],
      ]);
    });

    it('C3: is refused by its conductor when it comes from another host; logged, counted, without effect', async () => {
      await attack(CONDUCTOR, AGENT, (claims) => agent.call(CONDUCTOR, message.name, sample, versioned(message, claims)));
      expect(cell.touched()).toEqual([]);
    });

    it('C3: is refused at every queue even where the broker lets it through; logged, counted, without effect', async () => {
      await Promise.all(QUEUES.map((queue) => attack(queue, INSIDER, (claims) => send(queue, message, sample, claims))));
      expect(cell.touched()).toEqual([]);
    });

    it('H7: is refused at every queue when it is too large, unread', async () => {
      const large = versioned(message, { userId: AGENT });
      const outcomes = await Promise.all([
        agent.call(CONDUCTOR, message.name, LARGE, large),
        ...QUEUES.map((queue) => send(queue, message, LARGE, { userId: INSIDER })),
      ]);
      expect(outcomes).toEqual(outcomes.map(() => ({ code: 'messaging.message.too_large' })));
      expect(cell.touched()).toEqual([]);
    });
  });

  const own = catalogue.filter(
    ([name, { level, topic }]) => level === 'cell' && topic === 'conductor' && !CONTROL_PLANE_ONLY.includes(name),
  );
  const orders = catalogue.filter(([, { level, topic }]) => level === 'cell' && topic === 'compute');

  it.each(own)('C3: %s is taken from the agent that it speaks of', async (_name, message, sample) => {
    const victim = await RawClient.connect(cell.url(agentUser(VICTIM)), CELL, VICTIM);
    await victim.hello();
    await victim.call(CONDUCTOR, message.name, sample, versioned(message, { userId: agentUser(VICTIM) }));
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
      await insider.cast(queue, message.name, sample, { ...properties, userId: INSIDER });
      await graveOf(queue, properties.messageId);
      await controller.cast(queue, message.name, sample, properties);
      await eventually(() => expect(at(queue).events.filter(({ type }) => type === 'handled').length).toBeGreaterThan(1));
    });
  });

  it('C3: an agent enters no virtual host but that of its cell', async () => {
    await expect(RawClient.connect(cell.url(AGENT, 'api'), 'api')).rejects.toThrow('ConnectionClose');
  });
});
