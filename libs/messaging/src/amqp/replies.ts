import { randomUUID } from 'node:crypto';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { BusLog } from '../port/bus-observer.js';
import { replyQueue } from '../wire/names.js';
import type { AmqpLink } from './amqp-link.js';
import { ManagedChannel } from './managed-channel.js';

/** Told of each answer. */
export type OnAnswer = (message: ConsumeMessage) => void;

/** RabbitMQ's name for answers that come by the very channel of the request. Nobody can guess where that is, or declares a queue. */
export const DIRECT_REPLY = 'amq.rabbitmq.reply-to';

/** Takes the answers to what is asked on a channel, on that channel. */
export const takeDirectReplies = (channel: Channel, onAnswer: OnAnswer): Promise<unknown> =>
  channel.consume(DIRECT_REPLY, (message) => message !== null && onAnswer(message), { noAck: true });

/** The queue of a process for the answers of services, whom the broker lets write to any queue. */
export class ServiceReplies {
  readonly #channel: ManagedChannel<Channel>;
  #name = '';

  constructor(link: AmqpLink, cell: string, onAnswer: OnAnswer, onLost: () => void, log: BusLog) {
    this.#channel = new ManagedChannel(link, {
      name: 'replies',
      open: (model) => model.createChannel(),
      setup: async (channel) => {
        // A new name for each connection: after a half-open one the broker may still hold the old queue for its owner.
        this.#name = replyQueue(cell, randomUUID());
        await channel.assertQueue(this.#name, { exclusive: true, autoDelete: true, durable: false });
        await channel.consume(this.#name, (message) => this.#taken(channel, message, onAnswer), { noAck: true });
      },
      onLost: () => {
        this.#name = '';
        onLost();
      },
      log,
    });
  }

  /** The name of the queue, or undefined while there is none. */
  get current(): string | undefined {
    return this.#channel.current === undefined ? undefined : this.#name;
  }

  /** @throws AppError `messaging.unavailable` after `timeoutMs`. */
  async opened(timeoutMs: number): Promise<string> {
    await this.#channel.opened(timeoutMs);
    return this.#name;
  }

  close(): Promise<void> {
    return this.#channel.close();
  }

  #taken(channel: Channel, message: ConsumeMessage | null, onAnswer: OnAnswer): void {
    if (message === null)
      channel.close().catch(() => undefined); // the queue was deleted: set up anew
    else onAnswer(message);
  }
}
