import { randomUUID } from 'node:crypto';
import {
  type AppError,
  type CallMessage,
  type CastMessage,
  type Ctx,
  type MessageInfo,
  type ServiceTopic,
  withDeadline,
} from '@kilonova/util';
import { encodeNotification, notificationKey } from '../notifications/oslo.codec.js';
import type { BusEvent } from '../port/bus-observer.js';
import type { MessageBusOptions } from '../port/bus-options.js';
import {
  type BusHealth,
  type CallOptions,
  type CastEnvelope,
  type CastOptions,
  castEnvelope,
  MessageBus,
} from '../port/message-bus.js';
import type { NotificationMessage } from '../port/notification.js';
import type { Target, TargetOf } from '../port/target.js';
import { callTimeout, unavailable, unroutable } from '../wire/bus-errors.js';
import { portableCtx } from '../wire/ctx.codec.js';
import { fromWireError } from '../wire/error.codec.js';
import { callQueue, castQueue, fanoutExchange } from '../wire/names.js';
import { decodeOutcome } from '../wire/outcome.codec.js';
import { FIRST_VERSION } from '../wire/version.js';
import { holdMemoryBroker, type MemoryLease } from './memory-registry.js';
import { storeMessage } from './stored-message.js';

const DEFAULT_CALL_MS = 60_000;

/** The sending side of `memory://`: same promises as over AMQP, but for what outlives the process. */
export class MemoryBus extends MessageBus {
  readonly cell: string;
  readonly #lease: MemoryLease;
  readonly #observe: (event: BusEvent) => void;
  readonly #pending = new Set<(error: AppError) => void>();
  #closed = false;

  constructor(options: MessageBusOptions) {
    super();
    this.cell = options.cell;
    this.#observe = options.observe ?? (() => undefined);
    this.#lease = holdMemoryBroker(options.url);
  }

  async call<Args, Result, Topic extends ServiceTopic>(
    ctx: Ctx,
    message: CallMessage<Args, Result, Topic>,
    target: NoInfer<TargetOf<Topic>>,
    args: NoInfer<Args>,
    options: CallOptions = {},
  ): Promise<Result> {
    this.#assertOpen();
    const started = Date.now();
    const bounded =
      options.timeoutMs === undefined && ctx.deadline !== undefined
        ? ctx
        : withDeadline(ctx, started + (options.timeoutMs ?? DEFAULT_CALL_MS));
    const queue = this.#lease.broker.queue(callQueue(this.cell, target));
    if (queue.consumers === 0) throw unroutable(target);
    let ok = false;
    try {
      const answer = await this.#ask(bounded, message, target, args, Math.max(0, (bounded.deadline ?? started) - started));
      ok = true;
      return answer as Result;
    } finally {
      this.#observe({ type: 'called', method: message.name, ok, ms: Date.now() - started });
    }
  }

  async cast<Args, Topic extends ServiceTopic>(
    ctx: Ctx,
    message: CastMessage<Args, Topic>,
    target: NoInfer<TargetOf<Topic>>,
    args: NoInfer<Args>,
    options: CastOptions = {},
  ): Promise<void> {
    const [result] = await this.castMany([castEnvelope(ctx, message, target, args, options.messageId ?? randomUUID())]);
    if (result === 'unavailable') throw unavailable('the bus is closed, or the queue is full');
  }

  async castMany(envelopes: readonly CastEnvelope[]): Promise<ReadonlyArray<'sent' | 'unroutable' | 'unavailable'>> {
    return envelopes.map(({ version = FIRST_VERSION, ctx, ...envelope }) => {
      const message = storeMessage({ kind: 'cast', version, ...envelope, ctx: portableCtx(ctx, false), attempt: 1 });
      const taken = !this.#closed && this.#lease.broker.queue(castQueue(this.cell, envelope.target)).push(message);
      const outcome = taken ? 'sent' : 'unavailable';
      this.#observe({ type: 'published', kind: 'cast', outcome, count: 1 });
      return outcome;
    });
  }

  async fanout<Args>(ctx: Ctx, { name, version, topic }: CastMessage<Args>, args: NoInfer<Args>): Promise<void> {
    this.#assertOpen();
    const message = storeMessage({
      kind: 'fanout',
      messageId: randomUUID(),
      target: { topic },
      method: name,
      version,
      args,
      ctx: portableCtx(ctx, false),
      attempt: 1,
    });
    this.#lease.broker.fanout(fanoutExchange(this.cell, topic), message);
  }

  async notify(message: NotificationMessage): Promise<void> {
    this.#assertOpen();
    const key = notificationKey(message.topic, message.priority);
    this.#lease.broker.publishNotification(key, () => encodeNotification(message));
  }

  override health(): BusHealth {
    return { ready: !this.#closed, blocked: false };
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const fail of this.#pending) fail(unavailable('the bus was closed'));
    this.#lease.release();
  }

  #ask(ctx: Ctx, { name: method, version }: MessageInfo, target: Target, args: unknown, waitMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.#pending.delete(fail);
        act();
      };
      const fail = (error: AppError): void => settle(() => reject(error));
      const timer = setTimeout(() => fail(callTimeout(target, method, waitMs)), waitMs);
      const reply = (text: string): void => {
        const outcome = decodeOutcome(text);
        if (outcome?.type === 'answer') settle(() => resolve(outcome.result));
        else if (outcome?.type === 'error') fail(fromWireError(outcome.error));
      };
      this.#pending.add(fail);
      const message = storeMessage({
        kind: 'call',
        messageId: randomUUID(),
        target,
        method,
        version,
        args,
        ctx: portableCtx(ctx, true),
        attempt: 1,
        reply,
      });
      if (!this.#lease.broker.queue(callQueue(this.cell, target)).push(message)) fail(unavailable('the queue is full'));
    });
  }

  #assertOpen(): void {
    if (this.#closed) throw unavailable('the bus is closed');
  }
}
