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
  helloExchange,
  retryQueue,
} from '../wire/names.js';
import type { AmqpLink } from './amqp-link.js';
import { Declarer, type Step } from './declarer.js';
import { DEFAULT_NOTIFICATION_EXCHANGE, type HostQueue, type HostTopology, hostTopology } from './host-topology.js';
import { callQueueArguments, castQueueArguments, deadQueueArguments, retryQueueArguments } from './queue-arguments.js';

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

/** Where a message is put into the broker. */
export interface Address {
  readonly exchange: string;
  readonly key: string;
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

  /** The queue of a service's calls, which goes away with its servers, or of a host's, which stays. */
  async calls({ topic, host }: Target): Promise<void> {
    if (host !== undefined) return this.#declareOf(host, (queues) => queues.calls);
    const name = callQueue(this.cell, { topic });
    await this.#declarer.once(name, [(channel) => channel.assertQueue(name, { durable: true, arguments: callQueueArguments() })]);
  }

  async fanout(topic: ServiceTopic): Promise<string> {
    const name = fanoutExchange(this.cell, topic);
    await this.#declare(name, [(channel) => channel.assertExchange(name, 'fanout', { durable: true })]);
    return name;
  }

  /** The queue of what is sent to all hosts, for one of them. */
  async hostFanouts(host: string): Promise<string> {
    await this.fanout('compute');
    await this.#declareOf(host, ({ fanouts }) => fanouts);
    return this.#host(host).fanouts.name;
  }

  /** The queue of what a host's agent asks its conductor. */
  async inbox(host: string): Promise<string> {
    await this.#declareOf(host, ({ inbox }) => inbox);
    return this.#host(host).inbox.name;
  }

  forgetInbox(host: string): void {
    this.#declarer.forget(this.#host(host).inbox.name);
  }

  /** Where a host's agent asks its conductor. */
  async asking(host: string): Promise<Address> {
    return { exchange: this.#host(host).out, key: await this.inbox(host) };
  }

  /** The exchange by which a host's agent answers; who asks it binds the queue of the answers to it. */
  async answers(host: string): Promise<string> {
    const { out } = this.#host(host);
    await this.#declare(out, [(channel) => channel.assertExchange(out, 'direct', { durable: true })]);
    return out;
  }

  /** The exchange that tells conductors which hosts there are. */
  async hellos(): Promise<string> {
    const name = helloExchange(this.cell);
    await this.#declare(name, [(channel) => channel.assertExchange(name, 'fanout', { durable: true })]);
    return name;
  }

  /** Where a host's agent says that it is there. */
  async hello(host: string): Promise<Address> {
    await this.hellos();
    await this.#declareOf(host, ({ hello }) => hello);
    return this.#addressOf(host, ({ hello }) => hello);
  }

  /** Where a target's server puts casts that are to come back after so long. */
  async retry(target: Target, delayMs: number): Promise<Address> {
    const { host } = target;
    if (host !== undefined) {
      await this.#declareOf(host, ({ retry }) => retry(delayMs));
      return this.#addressOf(host, ({ retry }) => retry(delayMs));
    }
    const name = retryQueue(this.cell, target, delayMs);
    const args = retryQueueArguments(castQueue(this.cell, target), delayMs, this.options.queueType);
    await this.#declare(name, [(channel) => channel.assertQueue(name, { durable: true, arguments: args })]);
    return { exchange: '', key: name };
  }

  /** Where a target's server puts casts that it gives up. */
  async grave({ topic, host }: Target): Promise<Address> {
    const name = await this.dead(topic);
    if (host === undefined) return { exchange: DEAD_LETTER_EXCHANGE, key: name };
    await this.#declareOf(host, ({ dead }) => dead);
    return this.#addressOf(host, ({ dead }) => dead);
  }

  /** The shelf of a topic's dead letters. */
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

  /**
   * Where notifications of a key are published: to an exchange, and to the queue that keeps them until someone reads them. That has
   * no arguments, as oslo declares it. An agent reaches both through its host's exchange.
   */
  async notifications(key: string, options: NotificationTopology, host?: string): Promise<Address> {
    const exchange = await this.notificationExchange(options);
    const { durable = true } = options;
    await this.#declare(
      `queue ${key}`,
      [(channel) => channel.assertQueue(key, { durable }), (channel) => channel.bindQueue(key, exchange, key)],
      true,
    );
    if (host === undefined) return { exchange, key };
    const { out, events } = this.#host(host, exchange);
    await this.#declare(`${events.name} ${key}`, hostQueueSteps(out, { ...events, sentAs: [key] }));
    return { exchange: out, key };
  }

  get #prepared(): boolean {
    return this.options.mode === 'prepared';
  }

  #host(host: string, events?: string): HostTopology {
    const { queueType } = this.options;
    return hostTopology(this.cell, host, { queueType, ...(events === undefined ? {} : { events }) });
  }

  #addressOf(host: string, of: (topology: HostTopology) => HostQueue): Address {
    const topology = this.#host(host);
    return { exchange: topology.out, key: of(topology).name };
  }

  async #declareOf(host: string, of: (topology: HostTopology) => HostQueue): Promise<void> {
    const topology = this.#host(host);
    const queue = of(topology);
    await this.#declare(queue.name, hostQueueSteps(topology.out, queue));
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

/** A queue of a host with its bindings. */
const hostQueueSteps = (out: string, { name, arguments: args, from, sentAs }: HostQueue): readonly Step[] => [
  (channel) => channel.assertQueue(name, { durable: true, arguments: args }),
  ...(from === undefined ? [] : ([(channel) => channel.bindQueue(name, from, name)] satisfies Step[])),
  ...(sentAs.length === 0 ? [] : ([(channel) => channel.assertExchange(out, 'direct', { durable: true })] satisfies Step[])),
  ...sentAs.map(
    (key): Step =>
      (channel) =>
        channel.bindQueue(name, out, key),
  ),
];
