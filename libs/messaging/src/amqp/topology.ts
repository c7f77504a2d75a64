import type { BusLog } from '../port/bus-observer.js';
import type { NotificationTopology, QueueType } from '../port/bus-options.js';
import type { ServiceTopic, Target } from '../port/target.js';
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
import { Declarer, type Step } from './declarer.js';
import { callQueueArguments, castQueueArguments, deadQueueArguments, retryQueueArguments } from './queue-arguments.js';

export const DEFAULT_NOTIFICATION_EXCHANGE = 'nova';

export interface TopologyOptions {
  readonly queueType: QueueType;
  /** `prepared`: all is there but what ends with its process; nothing else is declared, as our user may not. */
  readonly mode: 'declare' | 'prepared';
}

/** The defaults of both ends. */
export const topologyOf = ({ queueType = 'quorum', topology = 'declare' }: Asked): TopologyOptions => ({
  queueType,
  mode: topology,
});

interface Asked {
  readonly queueType?: QueueType;
  readonly topology?: TopologyOptions['mode'];
}

/**
 * The exchanges and queues of one cell, by their fixed names. Both ends declare the same things with the same
 * arguments, so that neither has to be first.
 */
export class Topology {
  readonly #declarer: Declarer;

  constructor(
    link: AmqpLink,
    private readonly cell: string,
    private readonly options: TopologyOptions,
    log: BusLog,
  ) {
    this.#declarer = new Declarer(link, log);
  }

  /** The queue of a target's casts; returns without a promise when that is known to be there. */
  casts(target: Target): Promise<void> | undefined {
    const name = castQueue(this.cell, target);
    return this.#prepared || this.#declarer.has(name) ? undefined : this.#declareCasts(name, target.topic);
  }

  /** To be called when a message came back or a consumer was cancelled: the target's queues are declared again next time. */
  forget(target: Target): void {
    this.#declarer.forget(castQueue(this.cell, target));
    this.#declarer.forget(callQueue(this.cell, target));
  }

  async calls(target: Target): Promise<void> {
    const name = callQueue(this.cell, target);
    await this.#declarer.once(name, [(channel) => channel.assertQueue(name, { durable: true, arguments: callQueueArguments() })]);
  }

  async fanout(topic: ServiceTopic): Promise<string> {
    const name = fanoutExchange(this.cell, topic);
    await this.#declare(name, [(channel) => channel.assertExchange(name, 'fanout', { durable: true })]);
    return name;
  }

  /** The queue that keeps a target's casts for so long and then gives them back. */
  async retry(target: Target, delayMs: number): Promise<string> {
    const name = retryQueue(this.cell, target, delayMs);
    const args = retryQueueArguments(castQueue(this.cell, target), delayMs, this.options.queueType);
    await this.#declare(name, [(channel) => channel.assertQueue(name, { durable: true, arguments: args })]);
    return name;
  }

  async dead(topic: ServiceTopic): Promise<string> {
    const name = deadQueue(this.cell, topic);
    await this.#declare(name, [
      (channel) => channel.assertExchange(DEAD_LETTER_EXCHANGE, 'direct', { durable: true }),
      (channel) => channel.assertQueue(name, { durable: true, arguments: deadQueueArguments(this.options.queueType) }),
      (channel) => channel.bindQueue(name, DEAD_LETTER_EXCHANGE, name),
    ]);
    return name;
  }

  /** The exchange of notifications; oslo's listeners may have declared it otherwise, which is accepted. */
  async notificationExchange(options: NotificationTopology): Promise<string> {
    const name = options.exchange ?? DEFAULT_NOTIFICATION_EXCHANGE;
    const { durable = true } = options;
    await this.#declare(`exchange ${name}`, [(channel) => channel.assertExchange(name, 'topic', { durable })], true);
    return name;
  }

  /** The queue that keeps a topic's notifications until someone reads them; no arguments, as oslo declares it. */
  async notificationQueue(key: string, options: NotificationTopology): Promise<void> {
    const exchange = await this.notificationExchange(options);
    const { durable = true } = options;
    await this.#declare(
      `queue ${key}`,
      [(channel) => channel.assertQueue(key, { durable }), (channel) => channel.bindQueue(key, exchange, key)],
      true,
    );
  }

  get #prepared(): boolean {
    return this.options.mode === 'prepared';
  }

  async #declare(name: string, steps: readonly Step[], acceptOther = false): Promise<void> {
    if (!this.#prepared) await this.#declarer.once(name, steps, acceptOther);
  }

  async #declareCasts(name: string, topic: ServiceTopic): Promise<void> {
    const deadName = await this.dead(topic);
    await this.#declarer.once(name, [
      (channel) => channel.assertExchange(COMMAND_EXCHANGE, 'direct', { durable: true }),
      (channel) => channel.assertQueue(name, { durable: true, arguments: castQueueArguments(deadName, this.options.queueType) }),
      (channel) => channel.bindQueue(name, COMMAND_EXCHANGE, name),
    ]);
  }
}
