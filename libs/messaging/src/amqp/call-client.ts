import { randomUUID } from 'node:crypto';
import { AppError, type Ctx, type MessageInfo } from '@kilonova/util';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { BusLog } from '../port/bus-observer.js';
import type { Target } from '../port/target.js';
import { MAX_BODY_BYTES } from '../wire/body-limits.js';
import { callTimeout, malformed, tooLarge, unavailable, unroutable } from '../wire/bus-errors.js';
import { fromWireError } from '../wire/error.codec.js';
import { callQueue, replyQueue } from '../wire/names.js';
import { decodeOutcome } from '../wire/outcome.codec.js';
import type { AmqpLink } from './amqp-link.js';
import { ManagedChannel } from './managed-channel.js';
import { encodeBody, encodeProperties } from './message.codec.js';

interface Pending {
  readonly target: Target;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: AppError) => void;
}

/**
 * Calls over AMQP: the request goes unconfirmed and not persistent to the target's call queue, the answer comes to an
 * exclusive queue of this process. Whatever is pending when either connection is lost fails at once.
 */
export class CallClient {
  readonly #pending = new Map<string, Pending>();
  readonly #requests: ManagedChannel<Channel>;
  readonly #replies: ManagedChannel<Channel>;
  #replyTo = '';

  constructor(
    private readonly publishLink: AmqpLink,
    consumeLink: AmqpLink,
    private readonly cell: string,
    log: BusLog,
  ) {
    const onLost = (): void => this.#failAll(unavailable('the connection was lost while the answer was awaited'));
    const open = { open: (model: { createChannel(): Promise<Channel> }) => model.createChannel(), onLost, log };
    this.#requests = new ManagedChannel(publishLink, {
      ...open,
      name: 'calls',
      setup: async (channel) => void channel.on('return', (message) => this.#returned(message.properties.correlationId)),
    });
    this.#replies = new ManagedChannel(consumeLink, {
      ...open,
      name: 'replies',
      setup: (channel) => this.#consumeReplies(channel),
    });
  }

  /** `ctx` is portable and has a deadline. @throws AppError as MessageBus.call does. */
  async call(ctx: Ctx & { deadline: number }, target: Target, message: MessageInfo, args: unknown): Promise<unknown> {
    const waitMs = Math.max(0, Math.round(ctx.deadline - Date.now()));
    const end = Date.now() + waitMs;
    if (this.#requests.current === undefined || this.#replies.current === undefined) {
      await this.#requests.opened(waitMs);
      await this.#replies.opened(Math.max(0, end - Date.now()));
    }
    return this.#ask(ctx, target, message, args, waitMs, Math.max(0, end - Date.now()));
  }

  async close(): Promise<void> {
    this.#failAll(unavailable('the bus was closed'));
    await Promise.all([this.#requests.close(), this.#replies.close()]);
  }

  #ask(ctx: Ctx, target: Target, message: MessageInfo, args: unknown, waitMs: number, leftMs: number): Promise<unknown> {
    const id = randomUUID();
    return new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => this.#pending.get(id)?.reject(callTimeout(target, message.name, waitMs)), leftMs);
      const done = (): void => {
        clearTimeout(timer);
        this.#pending.delete(id);
      };
      this.#pending.set(id, {
        target,
        resolve: (result) => {
          done();
          resolve(result);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      try {
        this.#send(id, ctx, target, message, args, leftMs);
      } catch (error) {
        this.#pending.get(id)?.reject(error instanceof AppError ? error : unavailable('the channel was lost', error));
      }
    });
  }

  #send(id: string, ctx: Ctx, target: Target, { name, version }: MessageInfo, args: unknown, leftMs: number): void {
    const channel = this.#requests.current;
    if (channel === undefined) throw unavailable('the channel was lost');
    const body = encodeBody(args);
    if (body.length > MAX_BODY_BYTES) throw tooLarge(body.length, MAX_BODY_BYTES);
    const properties = encodeProperties({ method: name, version, messageId: id, ctx, user: this.publishLink.user, leftMs });
    const call = { correlationId: id, replyTo: this.#replyTo, mandatory: true, persistent: false, expiration: String(leftMs) };
    channel.publish('', callQueue(this.cell, target), body, { ...properties, ...call });
  }

  async #consumeReplies(channel: Channel): Promise<void> {
    // A new name for each connection: after a half-open one the broker may still hold the old queue for its owner.
    const name = replyQueue(this.cell, randomUUID());
    await channel.assertQueue(name, { exclusive: true, autoDelete: true, durable: false });
    await channel.consume(name, (message) => this.#replied(channel, message), { noAck: true });
    this.#replyTo = name;
  }

  #replied(channel: Channel, message: ConsumeMessage | null): void {
    if (message === null) return void channel.close().catch(() => undefined); // the queue was deleted: set up anew
    const pending = this.#pending.get(String(message.properties.correlationId));
    if (pending === undefined) return;
    const outcome = decodeOutcome(message.content.toString('utf8'));
    if (outcome === undefined) pending.reject(malformed('an answer that is no JSON'));
    else if (outcome.type === 'answer') pending.resolve(outcome.result);
    else if (outcome.type === 'error') pending.reject(fromWireError(outcome.error));
  }

  #returned(correlationId: unknown): void {
    const pending = this.#pending.get(String(correlationId));
    pending?.reject(unroutable(pending.target));
  }

  #failAll(error: AppError): void {
    for (const pending of [...this.#pending.values()]) pending.reject(error);
  }
}
