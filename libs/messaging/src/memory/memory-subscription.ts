import { nestLog } from '../bus/nest-log.js';
import { decodeNotification, type NotificationEnvelope, notificationKey } from '../notifications/oslo.codec.js';
import {
  eventTypeMatcher,
  type NotificationHandler,
  type NotificationSubscription,
  type SubscriptionOptions,
} from '../notifications/subscription.js';
import { FirstInFirstOut } from './first-in-first-out.js';
import { holdMemoryBroker, type MemoryLease } from './memory-registry.js';

const MAX_WAITING = 10_000;

/** A listener on `memory://`: gets copies from now on, one at a time; the oldest are dropped when it can't keep up. */
export class MemorySubscription implements NotificationSubscription {
  readonly #waiting = new FirstInFirstOut<NotificationEnvelope>();
  readonly #lease: MemoryLease;
  readonly #remove: () => void;
  #busy: Promise<void> | undefined;

  constructor(
    private readonly options: SubscriptionOptions,
    private readonly handler: NotificationHandler,
  ) {
    const priorities = options.priorities ?? ['info', 'error'];
    const routingKeys = new Set(
      options.topics.flatMap((topic) => priorities.map((priority) => notificationKey(topic, priority))),
    );
    this.#lease = holdMemoryBroker(options.url);
    this.#remove = this.#lease.broker.addSink({ routingKeys, take: (envelope) => this.#take(envelope) });
  }

  async ready(): Promise<void> {}

  async close(): Promise<void> {
    this.#remove();
    await this.#busy;
    this.#lease.release();
  }

  #take(envelope: NotificationEnvelope): void {
    if (this.#waiting.length >= MAX_WAITING) this.#waiting.shift();
    this.#waiting.push(envelope);
    this.#start();
  }

  /** What arrives between the end of the work and the note that it has ended is not forgotten. */
  #start(): void {
    this.#busy ??= this.#work().finally(() => {
      this.#busy = undefined;
      if (this.#waiting.length > 0) this.#start();
    });
  }

  async #work(): Promise<void> {
    const wanted = eventTypeMatcher(this.options.eventTypes);
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const notification = decodeNotification(JSON.stringify(next));
      if (!wanted(notification.eventType)) continue;
      try {
        await this.handler(notification);
      } catch (error) {
        (this.options.log ?? nestLog('Notifications')).error(
          { eventType: notification.eventType, reason: String(error) },
          'A notification handler failed',
        );
      }
    }
  }
}
