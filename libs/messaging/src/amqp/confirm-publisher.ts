import type { ConfirmChannel, Options } from 'amqplib';
import type { BusLog } from '../port/bus-observer.js';
import { MAX_BODY_BYTES } from '../wire/body-limits.js';
import { tooLarge, unavailable } from '../wire/bus-errors.js';
import type { AmqpLink } from './amqp-link.js';
import { ManagedChannel } from './managed-channel.js';
import { Slots } from './slots.js';

export interface PublisherOptions {
  /** Messages without a confirm at one time; this bounds the memory of amqplib's write buffer too. */
  readonly maxInFlight: number;
  readonly confirmTimeoutMs: number;
  readonly log: BusLog;
}

/** Publishes with confirms, many at once, and tells what the broker could not put into any queue. */
export class ConfirmPublisher {
  readonly #channel: ManagedChannel<ConfirmChannel>;
  readonly #slots: Slots;
  /** Returned messages by exchange, key and id, until their confirm arrives, which the broker sends after the return. */
  readonly #returned = new Map<string, number>();

  constructor(
    link: AmqpLink,
    private readonly options: PublisherOptions,
  ) {
    this.#slots = new Slots(options.maxInFlight);
    this.#channel = new ManagedChannel(link, {
      name: 'publish',
      open: (model) => model.createConfirmChannel(),
      setup: async (channel) => {
        channel.on('return', ({ fields, properties }) =>
          this.#noteReturn(returnKey(fields.exchange, fields.routingKey, properties.messageId)),
        );
      },
      onLost: () => this.#returned.clear(),
      log: options.log,
    });
  }

  /**
   * The broker would close the channel over a body that is too large, and with it fail every message that awaits its confirm.
   * @throws AppError `messaging.message.too_large`; `messaging.unavailable`: no connection, no confirm in time, or a full queue.
   */
  async publish(exchange: string, key: string, body: Buffer, properties: Options.Publish): Promise<'sent' | 'unroutable'> {
    if (body.length > MAX_BODY_BYTES) throw tooLarge(body.length, MAX_BODY_BYTES);
    const slot = this.#slots.take(this.options.confirmTimeoutMs);
    if (slot !== undefined) await slot;
    try {
      const channel = this.#channel.current ?? (await this.#channel.opened(this.options.confirmTimeoutMs));
      return await this.#confirmed(channel, exchange, key, body, properties);
    } finally {
      this.#slots.free();
    }
  }

  /** Waits for what is under way, at most `ms`, and closes. */
  async close(ms: number): Promise<void> {
    await this.#slots.idle(ms);
    await this.#channel.close();
  }

  #confirmed(
    channel: ConfirmChannel,
    exchange: string,
    key: string,
    body: Buffer,
    properties: Options.Publish,
  ): Promise<'sent' | 'unroutable'> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(unavailable('no confirm in time')), this.options.confirmTimeoutMs);
      const confirm = (error: unknown): void => {
        clearTimeout(timer);
        const returned = this.#takeReturn(returnKey(exchange, key, properties.messageId));
        if (error !== null && error !== undefined) reject(unavailable('the message was not taken', error));
        else resolve(returned ? 'unroutable' : 'sent');
      };
      try {
        channel.publish(exchange, key, body, { mandatory: true, persistent: true, ...properties }, confirm);
      } catch (error) {
        clearTimeout(timer);
        reject(unavailable('the channel was lost', error));
      }
    });
  }

  #noteReturn(key: string): void {
    this.#returned.set(key, (this.#returned.get(key) ?? 0) + 1);
  }

  #takeReturn(key: string): boolean {
    if (this.#returned.size === 0) return false;
    const count = this.#returned.get(key) ?? 0;
    if (count > 1) this.#returned.set(key, count - 1);
    else this.#returned.delete(key);
    return count > 0;
  }
}

const returnKey = (exchange: string, routingKey: string, messageId: unknown): string =>
  `${exchange}|${routingKey}|${String(messageId ?? '')}`;
