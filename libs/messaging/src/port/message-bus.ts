import type { CallMessage, CastMessage, Ctx, MessageLevel, ServiceTopic } from '@kilonova/util';
import type { NotificationMessage } from './notification.js';
import type { Target, TargetOf } from './target.js';

/** `blocked`: the broker is there and takes no messages, as it is short of memory or disk. Then `ready` is false too. */
export interface BusHealth {
  readonly ready: boolean;
  readonly blocked: boolean;
}

export interface CallOptions {
  /** How long the caller waits, milliseconds; a request that is older is dropped, not run. Default: `ctx.deadline`, else 60 s. */
  readonly timeoutMs?: number;
}

export interface CastOptions {
  /** Names the message for deduplication; the same id may be delivered more than once. Default: a new uuid. */
  readonly messageId?: string;
}

/** One outgoing cast, as the outbox stores it. Made by `castEnvelope`. */
export interface CastEnvelope {
  readonly messageId: string;
  readonly target: Target;
  readonly method: string;
  /** Of the message; left out: 1.0. */
  readonly version?: string;
  readonly args: unknown;
  readonly ctx: Ctx;
  /** In an outbox: whose broker it is for; default `api`. */
  readonly level?: MessageLevel;
}

/** A cast for the outbox or `castMany`, its arguments checked against the message's type. */
export const castEnvelope = <Args, Topic extends ServiceTopic>(
  ctx: Ctx,
  message: CastMessage<Args, Topic>,
  target: NoInfer<TargetOf<Topic>>,
  args: NoInfer<Args>,
  messageId: string,
): CastEnvelope => ({
  messageId,
  target,
  level: message.level,
  method: message.name,
  version: message.version,
  args,
  ctx,
});

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
  abstract call<Args, Result, Topic extends ServiceTopic>(
    ctx: Ctx,
    message: CallMessage<Args, Result, Topic>,
    target: NoInfer<TargetOf<Topic>>,
    args: NoInfer<Args>,
    options?: CallOptions,
  ): Promise<Result>;

  /**
   * Hands a message over for at-least-once delivery. Resolves when the broker has it on disk in a queue; the handler
   * may run later, and more than once.
   * @throws AppError kind `dependency`, code `messaging.unroutable` or `messaging.unavailable`.
   */
  abstract cast<Args, Topic extends ServiceTopic>(
    ctx: Ctx,
    message: CastMessage<Args, Topic>,
    target: NoInfer<TargetOf<Topic>>,
    args: NoInfer<Args>,
    options?: CastOptions,
  ): Promise<void>;

  /** Several casts with one wait for all confirms; the result tells for each whether the broker took it. */
  abstract castMany(envelopes: readonly CastEnvelope[]): Promise<ReadonlyArray<'sent' | 'unroutable' | 'unavailable'>>;

  /** Sends to every running server of the message's topic; best effort. */
  abstract fanout<Args>(ctx: Ctx, message: CastMessage<Args>, args: NoInfer<Args>): Promise<void>;

  /**
   * Publishes an event for outsiders in oslo.messaging's format. Resolves on the broker's confirm.
   * @throws AppError `messaging.unavailable` after a second at most.
   */
  abstract notify(message: NotificationMessage): Promise<void>;

  /** Whether a message handed over now would reach the broker and be taken; drivers with a connection say so. */
  health(): BusHealth {
    return { ready: true, blocked: false };
  }

  /** Flushes what is under way (bounded by the deadline) and closes the connections. */
  abstract close(): Promise<void>;
}
