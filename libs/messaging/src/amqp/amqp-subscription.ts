import { randomUUID } from 'node:crypto';
import { pause, withTimeout } from '@kilonova/util';
import type { Channel, ConsumeMessage } from 'amqplib';
import { nestLog } from '../bus/nest-log.js';
import { decodeNotification, notificationKey, type ReceivedNotification } from '../notifications/oslo.codec.js';
import {
  eventTypeMatcher,
  type NotificationHandler,
  type NotificationSubscription,
  type SubscriptionOptions,
} from '../notifications/subscription.js';
import type { BusLog } from '../port/bus-observer.js';
import { unavailable } from '../wire/bus-errors.js';
import { AmqpLink } from './amqp-link.js';
import { QueueConsumer } from './queue-consumer.js';
import { Topology, topologyOf } from './topology.js';

const START_TIMEOUT_MS = 60_000;
const RETRY_PAUSE_MS = 1_000;
const PREFETCH = 100;
/** A named subscription that nobody reads keeps that many, then drops the oldest: the broker must survive it. */
const MAX_KEPT = 1_000_000;

/** A listener with a queue of its own, bound to the same keys as the queues that the publishers declare. */
export class AmqpSubscription implements NotificationSubscription {
  readonly #log: BusLog;
  readonly #link: AmqpLink;
  readonly #consumer: QueueConsumer;
  readonly #wanted: (eventType: string) => boolean;
  readonly #stop = new AbortController();
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: SubscriptionOptions,
    private readonly handler: NotificationHandler,
  ) {
    this.#log = options.log ?? nestLog('Notifications');
    this.#wanted = eventTypeMatcher(options.eventTypes);
    this.#link = new AmqpLink({
      url: options.url,
      name: options.connectionName ?? 'notifications',
      log: this.#log,
      observe: () => undefined,
    });
    const topology = new Topology(this.#link, '', topologyOf({}), this.#log);
    const source = {
      declare: (channel: Channel) => this.#declare(channel, topology),
      onMessage: (message: ConsumeMessage, channel: Channel) => this.#enqueue(message, channel),
    };
    this.#consumer = new QueueConsumer(this.#link, [source], { name: 'notifications', prefetch: PREFETCH, log: this.#log });
  }

  ready(): Promise<void> {
    return withTimeout(this.#consumer.ready(), START_TIMEOUT_MS, () => unavailable('the notifications could not be consumed'));
  }

  async close(): Promise<void> {
    await this.#consumer.stop();
    this.#stop.abort();
    await this.#last;
    await this.#consumer.close();
    await this.#link.close();
  }

  async #declare(channel: Channel, topology: Topology): Promise<string> {
    const exchange = await topology.notificationExchange(this.options.notifications ?? {});
    const { queue } = await this.#assertQueue(channel);
    const priorities = this.options.priorities ?? ['info', 'error'];
    for (const topic of this.options.topics)
      for (const priority of priorities) await channel.bindQueue(queue, exchange, notificationKey(topic, priority));
    return queue;
  }

  #assertQueue(channel: Channel): Promise<{ queue: string }> {
    const { queue } = this.options;
    if (queue === undefined)
      return channel.assertQueue(`kilonova.listener.${randomUUID()}`, { exclusive: true, autoDelete: true, durable: false });
    return channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'classic', 'x-max-length': MAX_KEPT } });
  }

  /** In the order of arrival, one at a time; the prefetch bounds what waits here. */
  #enqueue(message: ConsumeMessage, channel: Channel): void {
    this.#last = this.#last.then(() => this.#deliver(message, channel));
  }

  async #deliver(message: ConsumeMessage, channel: Channel): Promise<void> {
    const notification = this.#read(message);
    const handled = notification === undefined || (await this.#handle(notification));
    try {
      if (handled) channel.ack(message);
      else channel.nack(message, false, this.options.queue !== undefined);
    } catch {
      // The channel is gone: a named queue delivers it again.
    }
  }

  #read(message: ConsumeMessage): ReceivedNotification | undefined {
    try {
      const notification = decodeNotification(message.content.toString('utf8'));
      return this.#wanted(notification.eventType) ? notification : undefined;
    } catch (error) {
      this.#log.warn({ reason: String(error) }, 'A notification that cannot be read was dropped');
      return undefined;
    }
  }

  async #handle(notification: ReceivedNotification): Promise<boolean> {
    if (this.#stop.signal.aborted) return false;
    try {
      await this.handler(notification);
      return true;
    } catch (error) {
      this.#log.error(
        { eventType: notification.eventType, messageId: notification.messageId, reason: String(error) },
        'A notification handler failed',
      );
      await pause(RETRY_PAUSE_MS, this.#stop.signal).catch(() => undefined);
      return false;
    }
  }
}
