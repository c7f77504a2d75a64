import type { Ctx } from '@kilonova/util';
import type { NotificationMessage } from './notification.js';
import type { Target } from './target.js';

export interface CallOptions {
  /** How long the caller waits, milliseconds; a request that is older is dropped, not run. Default: `ctx.deadline`, else 60 s. */
  readonly timeoutMs?: number;
}

export interface CastOptions {
  /** Names the message for deduplication; the same id may be delivered more than once. Default: a new uuid. */
  readonly messageId?: string;
}

/** One outgoing cast, as the outbox stores it. */
export interface CastEnvelope {
  readonly messageId: string;
  readonly target: Target;
  readonly method: string;
  readonly args: unknown;
  readonly ctx: Ctx;
}

/**
 * The client side of one broker (one cell's vhost, or the API's). Messages are JSON; what is sent is never shared
 * with the receiver, not even in one process.
 */
export abstract class MessageBus {
  /** The name of the cell whose broker this is; `api` for the API level's. */
  abstract readonly cell: string;

  /**
   * Asks a service and waits for its answer.
   * @throws AppError the one that the handler threw, rebuilt; kind `dependency` code `messaging.unroutable` when
   *   nobody serves the target; kind `deadline` code `messaging.call.timeout`.
   */
  abstract call<T>(ctx: Ctx, target: Target, method: string, args: unknown, options?: CallOptions): Promise<T>;

  /**
   * Hands a message over for at-least-once delivery. Resolves when the broker has it on disk in a queue; the handler
   * may run later, and more than once.
   * @throws AppError kind `dependency`, code `messaging.unroutable` or `messaging.unavailable`.
   */
  abstract cast(ctx: Ctx, target: Target, method: string, args: unknown, options?: CastOptions): Promise<void>;

  /** Several casts with one wait for all confirms; the result tells for each whether the broker took it. */
  abstract castMany(envelopes: readonly CastEnvelope[]): Promise<ReadonlyArray<'sent' | 'unroutable' | 'unavailable'>>;

  /** Sends to every running server of a topic; best effort. */
  abstract fanout(ctx: Ctx, topic: Target['topic'], method: string, args: unknown): Promise<void>;

  /** Publishes an event for outsiders in oslo.messaging's format. Resolves on the broker's confirm. */
  abstract notify(message: NotificationMessage): Promise<void>;

  /** Whether a message handed over now would reach the broker; drivers with a connection say so. */
  health(): { readonly ready: boolean } {
    return { ready: true };
  }

  /** Flushes what is under way (bounded by the deadline) and closes the connections. */
  abstract close(): Promise<void>;
}
