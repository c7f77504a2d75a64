import { randomUUID } from 'node:crypto';
import { AppError, withTimeout } from '@kilonova/util';
import type { Channel, ConsumeMessage } from 'amqplib';
import { nestLog } from '../bus/nest-log.js';
import { agentUser, hostOfAgentUser } from '../port/broker-users.js';
import type { BusLog } from '../port/bus-observer.js';
import type { BusServer, BusServerOptions, RequestHandler, ServerHealth } from '../port/server-options.js';
import type { Target } from '../port/target.js';
import { Dispatcher } from '../serve/dispatcher.js';
import { DEFAULT_RETRY_DELAYS_MS } from '../serve/failure.js';
import { unavailable } from '../wire/bus-errors.js';
import { callQueue, castQueue } from '../wire/names.js';
import { AmqpLink } from './amqp-link.js';
import { userOf } from './amqp-url.js';
import { CallReceiver } from './call-receiver.js';
import { CastReceiver } from './cast-receiver.js';
import { ConfirmPublisher } from './confirm-publisher.js';
import { helloSource } from './hellos.js';
import { HostInboxes } from './host-inboxes.js';
import { ManagedChannel } from './managed-channel.js';
import { decodeMessage, type Trust } from './message.codec.js';
import { QueueConsumer, type Source } from './queue-consumer.js';
import { Senders } from './senders.js';
import { Slots } from './slots.js';
import { Topology, topologyOf } from './topology.js';

const DEFAULT_CALL_PREFETCH = 64;
const DEFAULT_DRAIN_MS = 30_000;
const START_TIMEOUT_MS = 60_000;
const FLUSH_MS = 5_000;

/** What `start` builds and `close` takes down. */
interface Running {
  readonly consumeLink: AmqpLink;
  readonly publishLink: AmqpLink;
  readonly publisher: ConfirmPublisher;
  readonly replies: ManagedChannel<Channel>;
  readonly consumers: readonly QueueConsumer[];
  /** Of a conductor. */
  readonly inboxes: HostInboxes | undefined;
}

/** The serving side over RabbitMQ: one connection to consume, one for answers, retries and dead letters. */
export class AmqpServer implements BusServer {
  readonly #log: BusLog;
  readonly #dispatcher: Dispatcher;
  readonly #targets: readonly Target[];
  readonly #trust: Trust;
  readonly #senders: Senders;
  #running: Running | undefined;

  constructor(
    private readonly options: BusServerOptions,
    handle: RequestHandler,
  ) {
    this.#log = options.log ?? nestLog('BusServer');
    this.#trust = { ownUser: userOf(options.url), controlPlane: new Set(options.controlPlaneUsers) };
    const hosts = options.hosts ?? [];
    this.#targets = hosts.length === 0 ? [{ topic: options.topic }] : hosts.map((host) => ({ topic: options.topic, host }));
    this.#senders = new Senders(this.#trust, this.#log, options.observe ?? (() => undefined), (sender, ms) =>
      this.#silence(sender, ms),
    );
    this.#dispatcher = new Dispatcher(handle, {
      retryDelaysMs: options.retryDelaysMs ?? DEFAULT_RETRY_DELAYS_MS,
      log: this.#log,
      observe: options.observe ?? (() => undefined),
      now: Date.now,
      refused: (sender) => this.#senders.refusedOf(sender),
    });
  }

  async start(): Promise<void> {
    const running = this.#open();
    this.#running = running;
    const ready = Promise.all(running.consumers.map((consumer) => consumer.ready()));
    try {
      await withTimeout(ready, START_TIMEOUT_MS, () => unavailable('the queues could not be consumed'));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  health(): ServerHealth {
    const expected = this.#targets.length * 2 + (this.options.agents === true ? 2 : 1);
    const active = (this.#running?.consumers ?? []).reduce((sum, consumer) => sum + consumer.active, 0);
    return { ready: active === expected, expected, active };
  }

  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined) return;
    await Promise.all([...running.consumers, ...listOf(running.inboxes)].map((consumer) => consumer.stop()));
    await this.#dispatcher.drain(this.options.drainMs ?? DEFAULT_DRAIN_MS);
    await running.publisher.close(FLUSH_MS); // settlements before acknowledgements
    const consumers = [...running.consumers, ...listOf(running.inboxes)];
    await Promise.all([running.replies.close(), ...consumers.map((consumer) => consumer.close())]);
    await Promise.all([running.publishLink.close(), running.consumeLink.close()]);
  }

  #open(): Running {
    const { url, cell, observe = () => undefined } = this.options;
    const name = `${this.options.connectionName ?? this.options.topic} ${cell}`;
    const log = this.#log;
    const consumeLink = new AmqpLink({ url, name: `${name} consume`, log, observe });
    const publishLink = new AmqpLink({ url, name: `${name} answer`, log, observe });
    const publisher = new ConfirmPublisher(publishLink, { maxInFlight: 256, confirmTimeoutMs: 15_000, log });
    const replies = new ManagedChannel(publishLink, { name: 'answers', open: (model) => model.createChannel(), log });
    const receiving = { cell, trust: this.#trust, log, observe, senders: this.#senders };
    const answering = new Topology(publishLink, cell, topologyOf(this.options), log);
    const casts = new CastReceiver(this.#dispatcher, publisher, answering, receiving);
    const calls = new CallReceiver(this.#dispatcher, replies, receiving);
    const topology = new Topology(consumeLink, cell, topologyOf(this.options), log);
    const inboxes = this.options.agents === true ? this.#inboxes(consumeLink, topology, calls) : undefined;
    const hosts = inboxes && helloSource(topology, (host) => inboxes.add(host));
    const consumers = [
      ...this.#consumers(consumeLink, topology, casts, calls),
      this.#best(consumeLink, 'fanouts', this.#fanoutSource(topology)),
      ...(hosts === undefined ? [] : [this.#best(consumeLink, 'hosts', hosts)]),
    ];
    return { consumeLink, publishLink, publisher, replies, consumers, inboxes };
  }

  #consumers(link: AmqpLink, topology: Topology, casts: CastReceiver, calls: CallReceiver): readonly QueueConsumer[] {
    const { prefetch, callPrefetch = DEFAULT_CALL_PREFETCH } = this.options;
    const castSources = this.#targets.map((target) => this.#castSource(topology, target, casts));
    const callSources = this.#targets.map((target) => this.#callSource(topology, target, calls));
    const log = this.#log;
    return [
      new QueueConsumer(link, castSources, { name: 'casts', prefetch, log }),
      new QueueConsumer(link, callSources, { name: 'calls', prefetch: callPrefetch, log }),
    ];
  }

  /** Of what is lost when nobody listens. */
  #best(link: AmqpLink, name: string, source: Source): QueueConsumer {
    const { callPrefetch = DEFAULT_CALL_PREFETCH } = this.options;
    return new QueueConsumer(link, [source], { name, prefetch: callPrefetch, noAck: true, log: this.#log });
  }

  #silence(sender: string, ms: number): void {
    const host = hostOfAgentUser(sender);
    if (host === undefined || this.#running?.inboxes === undefined) return;
    this.options.observe?.({ type: 'refused', kind: 'call', code: 'messaging.sender.floods' });
    this.#running.inboxes.pause(host, ms);
  }

  #inboxes(link: AmqpLink, topology: Topology, calls: CallReceiver): HostInboxes {
    const slots = new Slots(this.options.callPrefetch ?? DEFAULT_CALL_PREFETCH);
    const target = { topic: this.options.topic };
    return new HostInboxes(
      link,
      topology,
      (message, channel, host) => calls.receive(message, channel, target, { writer: agentUser(host), slots }),
      this.#log,
    );
  }

  #castSource(topology: Topology, target: Target, casts: CastReceiver): Source {
    return {
      declare: async () => {
        topology.forget(target);
        await topology.casts(target);
        return castQueue(this.options.cell, target);
      },
      onMessage: (message, channel) => casts.receive(message, channel, target),
    };
  }

  #callSource(topology: Topology, target: Target, calls: CallReceiver): Source {
    return {
      declare: async () => {
        topology.forget(target);
        await topology.calls(target);
        return callQueue(this.options.cell, target);
      },
      onMessage: (message, channel) => calls.receive(message, channel, target),
    };
  }

  #fanoutSource(topology: Topology): Source {
    const [host] = this.options.hosts ?? [];
    return {
      declare: (channel) =>
        host === undefined ? this.#ownFanouts(channel, topology) : this.#hostFanouts(channel, topology, host),
      onMessage: (message) => this.#fanout(message),
    };
  }

  /** Its host's queue stays; what came while nobody listened is nobody's. */
  async #hostFanouts(channel: Channel, topology: Topology, host: string): Promise<string> {
    const queue = await topology.hostFanouts(host);
    await channel.purgeQueue(queue);
    return queue;
  }

  async #ownFanouts(channel: Channel, topology: Topology): Promise<string> {
    const exchange = await topology.fanout(this.options.topic);
    const { queue } = await channel.assertQueue(`${exchange}.${randomUUID()}`, {
      exclusive: true,
      autoDelete: true,
      durable: false,
    });
    await channel.bindQueue(queue, exchange, '');
    return queue;
  }

  #fanout(message: ConsumeMessage): void {
    try {
      void this.#dispatcher.fanout(decodeMessage(message, 'fanout', { topic: this.options.topic }, this.#trust));
    } catch (error) {
      const { code } = AppError.from(error);
      this.#log.error({ userId: message.properties.userId, code }, 'A fanout was refused');
      this.options.observe?.({ type: 'refused', kind: 'fanout', code });
    }
  }
}

const listOf = <T>(thing: T | undefined): readonly T[] => (thing === undefined ? [] : [thing]);
