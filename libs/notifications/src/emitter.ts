import { randomUUID } from 'node:crypto';
import type { MessageBus, NotificationPriority } from '@kilonova/messaging';
import type { Ctx } from '@kilonova/util';

export type NotificationFormat = 'versioned' | 'unversioned' | 'both';

/** Who speaks: `nova-<service>:<host>` in the versioned family, `<service>.<host>` in the unversioned one. */
export interface Publisher {
  readonly service: 'compute' | 'api' | 'conductor' | 'scheduler' | 'compute_task' | 'servergroup' | 'aggregate';
  readonly host: string;
}

/** One event in both families; a family without the event leaves its part out. Payloads are made only when sent. */
export interface NotificationEvent {
  readonly publisher: Publisher;
  readonly priority?: NotificationPriority;
  readonly versioned?: { readonly eventType: string; readonly payload: () => unknown };
  readonly legacy?: { readonly eventType: string; readonly publisher?: Publisher; readonly payload: () => unknown };
}

export interface EmitterOptions {
  readonly format: NotificationFormat;
  readonly versionedTopics: readonly string[];
  readonly legacyTopics: readonly string[];
  /** Called when an event could not be handed to the broker. */
  readonly onFailure: (error: unknown, eventType: string) => void;
}

/** The versioned family says `nova-conductor` where the unversioned one says `compute_task`. */
const versionedSource = (service: Publisher['service']): string =>
  service === 'compute_task'
    ? 'nova-conductor'
    : service === 'servergroup' || service === 'aggregate'
      ? 'nova-api'
      : `nova-${service}`;

/**
 * Sends events to the broker in the configured families. Never fails the operation that it reports on: the promise
 * resolves when the broker has confirmed each message or `onFailure` has heard of it.
 */
export class NotificationEmitter {
  constructor(
    private readonly bus: MessageBus,
    private readonly options: EmitterOptions,
    private readonly now: () => Date = () => new Date(),
  ) {}

  async emit(ctx: Ctx, event: NotificationEvent): Promise<void> {
    const { versioned, legacy } = event;
    const sends: Promise<void>[] = [];
    if (legacy !== undefined && this.options.format !== 'versioned') {
      const publisher = legacy.publisher ?? event.publisher;
      const publisherId = `${publisher.service}.${publisher.host}`;
      sends.push(this.#send(ctx, event, this.options.legacyTopics, publisherId, legacy));
    }
    if (versioned !== undefined && this.options.format !== 'unversioned') {
      const publisherId = `${versionedSource(event.publisher.service)}:${event.publisher.host}`;
      sends.push(this.#send(ctx, event, this.options.versionedTopics, publisherId, versioned));
    }
    await Promise.all(sends);
  }

  /** Never rejects: payloads are made of what others sent, and may not fit. */
  async #send(
    ctx: Ctx,
    { priority = 'INFO' }: NotificationEvent,
    topics: readonly string[],
    publisherId: string,
    { eventType, payload }: { readonly eventType: string; readonly payload: () => unknown },
  ): Promise<void> {
    const attempt = async (work: () => Promise<unknown>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        this.#failed(error, eventType);
      }
    };
    await attempt(async () => {
      const common = { ctx, publisherId, eventType, priority, payload: payload(), timestamp: this.now() };
      await Promise.all(
        topics.map((topic) => attempt(async () => this.bus.notify({ ...common, topic, messageId: randomUUID() }))),
      );
    });
  }

  #failed(error: unknown, eventType: string): void {
    try {
      this.options.onFailure(error, eventType);
    } catch {
      // Nobody is left to tell, and the operation that is reported on goes on.
    }
  }
}
