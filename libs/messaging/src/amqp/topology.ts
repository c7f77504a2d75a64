import { AppError } from '@kilonova/util';
import type { Channel } from 'amqplib';
import type { BusLog } from '../port/bus-observer.js';
import type { NotificationTopology, QueueType } from '../port/bus-options.js';
import type { ServiceTopic, Target } from '../port/target.js';
import { unavailable } from '../wire/bus-errors.js';
import {
  COMMAND_EXCHANGE,
  callQueue,
  castQueue,
  DEAD_LETTER_EXCHANGE,
  deadQueue,
  fanoutExchange,
  retryQueue,
} from '../wire/names.js';
import type { AmqpLink } from './amqp-link.js';
import { needsDurableQueues } from './broker-version.js';
import { callQueueArguments, castQueueArguments, deadQueueArguments, retryQueueArguments } from './queue-arguments.js';
import { withTimeout } from './with-timeout.js';

const DECLARE_TIMEOUT_MS = 15_000;
const ACCESS_REFUSED = 403;
const PRECONDITION_FAILED = 406;

export const DEFAULT_NOTIFICATION_EXCHANGE = 'nova';

/**
 * Declares exchanges and queues by their fixed names, each once a connection. Both ends declare the same things with
 * the same arguments, so that neither has to be first. A user who may not declare goes on: someone else has then done it,
 * and a message without a queue comes back as unroutable.
 */
export class Topology {
  #done = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();
  #channel: Channel | undefined;

  constructor(
    private readonly link: AmqpLink,
    private readonly cell: string,
    private readonly queueType: QueueType,
    private readonly log: BusLog,
  ) {
    link.onDown(() => this.#done.clear());
  }

  /** The queue of a target's casts; returns without a promise when that is known to be there. */
  casts(target: Target): Promise<void> | undefined {
    const name = castQueue(this.cell, target);
    if (this.#done.has(name)) return undefined;
    return this.#declareCasts(name, target.topic);
  }

  /** To be called when a message came back or a consumer was cancelled: the target's queues are declared again next time. */
  forget(target: Target): void {
    this.#done.delete(castQueue(this.cell, target));
    this.#done.delete(callQueue(this.cell, target));
  }

  async calls(target: Target): Promise<void> {
    const name = callQueue(this.cell, target);
    await this.#once(name, (channel) => channel.assertQueue(name, { durable: true, arguments: callQueueArguments() }));
  }

  async fanout(topic: ServiceTopic): Promise<string> {
    const name = fanoutExchange(this.cell, topic);
    await this.#once(name, (channel) => channel.assertExchange(name, 'fanout', { durable: true }));
    return name;
  }

  /** The delay queue of that length; returns the exchange that leads to it and keeps the routing key. */
  async retry(delayMs: number): Promise<string> {
    const name = retryQueue(this.cell, delayMs);
    await this.#once(name, async (channel) => {
      await channel.assertExchange(name, 'fanout', { durable: true });
      await channel.assertQueue(name, { durable: true, arguments: retryQueueArguments(delayMs, this.queueType) });
      await channel.bindQueue(name, name, '');
    });
    return name;
  }

  async dead(topic: ServiceTopic): Promise<string> {
    const name = deadQueue(this.cell, topic);
    await this.#once(name, async (channel) => {
      await channel.assertExchange(DEAD_LETTER_EXCHANGE, 'direct', { durable: true });
      await channel.assertQueue(name, { durable: true, arguments: deadQueueArguments(this.queueType) });
      await channel.bindQueue(name, DEAD_LETTER_EXCHANGE, name);
    });
    return name;
  }

  /** The exchange of notifications; oslo's listeners may have declared it otherwise, which is accepted. */
  async notificationExchange(options: NotificationTopology): Promise<string> {
    const name = options.exchange ?? DEFAULT_NOTIFICATION_EXCHANGE;
    const durable = options.durable ?? needsDurableQueues(this.link.brokerVersion);
    await this.#once(
      `exchange ${name}`,
      (channel) => channel.assertExchange(name, 'topic', { durable, autoDelete: false }),
      true,
    );
    return name;
  }

  /** The queue that keeps a topic's notifications until someone reads them; no arguments, as oslo declares it. */
  async notificationQueue(key: string, options: NotificationTopology): Promise<void> {
    const exchange = await this.notificationExchange(options);
    const durable = options.durable ?? needsDurableQueues(this.link.brokerVersion);
    await this.#once(`queue ${key}`, (channel) => channel.assertQueue(key, { durable, autoDelete: false }), true);
    await this.#once(`binding ${key}`, (channel) => channel.bindQueue(key, exchange, key));
  }

  async #declareCasts(name: string, topic: ServiceTopic): Promise<void> {
    const deadName = await this.dead(topic);
    await this.#once(name, async (channel) => {
      await channel.assertExchange(COMMAND_EXCHANGE, 'direct', { durable: true });
      await channel.assertQueue(name, { durable: true, arguments: castQueueArguments(deadName, this.queueType) });
      await channel.bindQueue(name, COMMAND_EXCHANGE, name);
    });
  }

  /** One after the other: a refused declaration closes the channel with everything under way on it. */
  async #once(key: string, declare: (channel: Channel) => Promise<unknown>, acceptOther = false): Promise<void> {
    if (this.#done.has(key)) return;
    const turn = this.#last.then(() => this.#declare(key, declare, acceptOther));
    this.#last = turn.catch(() => undefined);
    await turn;
  }

  async #declare(key: string, declare: (channel: Channel) => Promise<unknown>, acceptOther: boolean): Promise<void> {
    if (this.#done.has(key)) return;
    try {
      const channel = await this.#open();
      await withTimeout(declare(channel), DECLARE_TIMEOUT_MS, () => this.#abandon(channel, key));
    } catch (error) {
      this.#accept(key, error, acceptOther);
    }
    this.#done.add(key);
  }

  #accept(key: string, error: unknown, acceptOther: boolean): void {
    const code = (error as { code?: unknown }).code;
    const reason = error instanceof Error ? error.message : String(error);
    if (code === ACCESS_REFUSED || (code === PRECONDITION_FAILED && acceptOther)) {
      this.log.info({ name: key, reason }, 'Declared by others; taken as it is');
      return;
    }
    if (code !== PRECONDITION_FAILED) throw error instanceof AppError ? error : unavailable(`could not declare ${key}`, error);
    const message = `${key} exists on the broker with other arguments: all who use a cell must have the same queue type.`;
    throw new AppError({ kind: 'dependency', code: 'messaging.topology.mismatch', message, retry: 'never', cause: error });
  }

  #abandon(channel: Channel, key: string): AppError {
    this.#channel = undefined;
    channel.close().catch(() => undefined);
    return unavailable(`no answer to the declaration of ${key}`);
  }

  async #open(): Promise<Channel> {
    if (this.#channel !== undefined) return this.#channel;
    const channel = await (await this.link.model(DECLARE_TIMEOUT_MS)).createChannel();
    const gone = (): void => {
      if (this.#channel === channel) this.#channel = undefined;
    };
    channel.on('close', gone);
    channel.on('error', gone);
    this.#channel = channel;
    return channel;
  }
}
