import { randomUUID } from 'node:crypto';
import {
  type CallMessage,
  type CastMessage,
  type Ctx,
  pause,
  reasonOf,
  type ServiceTopic,
  withDeadline,
  withTimeout,
} from '@kilonova/util';
import { nestLog } from '../bus/nest-log.js';
import { encodeNotification, notificationKey } from '../notifications/oslo.codec.js';
import type { BusEvent, BusLog } from '../port/bus-observer.js';
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
import type { TargetOf } from '../port/target.js';
import { agentCast, unavailable, unroutable } from '../wire/bus-errors.js';
import { portableCtx } from '../wire/ctx.codec.js';
import { COMMAND_EXCHANGE, castQueue } from '../wire/names.js';
import { AmqpLink } from './amqp-link.js';
import { CallClient } from './call-client.js';
import { ConfirmPublisher } from './confirm-publisher.js';
import { Hellos } from './hellos.js';
import { encodeBody, encodeProperties } from './message.codec.js';
import { Topology, topologyOf } from './topology.js';

type CastResult = 'sent' | 'unroutable' | 'unavailable';

const DEFAULT_CALL_MS = 60_000;
const DEFAULT_CONFIRM_MS = 15_000;
/** Whoever tells of something has better to do than to wait for a broker that has none to listen. */
const DEFAULT_NOTIFY_MS = 1_000;
/** Between attempts of an agent to tell of something: its throttle has room again within half a second. */
const FULL_PAUSE_MS = 100;
const DEFAULT_IN_FLIGHT = 1_024;
const FLUSH_MS = 5_000;

/** The sending side over RabbitMQ: one connection to publish, one to take answers. */
export class AmqpBus extends MessageBus {
  readonly cell: string;
  readonly #publishLink: AmqpLink;
  readonly #consumeLink: AmqpLink;
  readonly #topology: Topology;
  readonly #publisher: ConfirmPublisher;
  readonly #calls: CallClient;
  /** Of an agent. */
  readonly #hellos: Hellos | undefined;
  readonly #log: BusLog;
  readonly #observe: (event: BusEvent) => void;
  #closed = false;

  constructor(private readonly options: MessageBusOptions) {
    super();
    this.cell = options.cell;
    this.#log = options.log ?? nestLog();
    this.#observe = options.observe ?? (() => undefined);
    const name = options.connectionName ?? 'kilonova';
    const link = (role: string): AmqpLink =>
      new AmqpLink({ url: options.url, name: `${name} ${options.cell} ${role}`, log: this.#log, observe: this.#observe });
    this.#publishLink = link('publish');
    // An agent takes its answers where it asks.
    this.#consumeLink = options.host === undefined ? link('replies') : this.#publishLink;
    this.#topology = new Topology(this.#publishLink, options.cell, topologyOf(options), this.#log);
    const limits = {
      maxInFlight: options.maxInFlight ?? DEFAULT_IN_FLIGHT,
      confirmTimeoutMs: options.confirmTimeoutMs ?? DEFAULT_CONFIRM_MS,
    };
    this.#publisher = new ConfirmPublisher(this.#publishLink, { ...limits, log: this.#log });
    this.#calls = new CallClient({
      cell: options.cell,
      ...(options.host === undefined ? {} : { host: options.host }),
      publishLink: this.#publishLink,
      consumeLink: this.#consumeLink,
      topology: this.#topology,
      log: this.#log,
      observe: this.#observe,
    });
    if (options.host !== undefined) {
      this.#hellos = new Hellos(options.host, this.#publisher, this.#topology, () => this.#calls.waitedMs());
    }
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
    const deadline =
      options.timeoutMs === undefined && ctx.deadline !== undefined
        ? ctx.deadline
        : (withDeadline(ctx, started + (options.timeoutMs ?? DEFAULT_CALL_MS)).deadline ?? started);
    let ok = false;
    try {
      const result = await this.#calls.call({ ...portableCtx(ctx, true), deadline }, target, message, args);
      ok = true;
      return result as Result;
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
    this.#assertOpen();
    this.#assertService();
    let outcome: CastResult = 'unavailable';
    try {
      outcome = await this.#cast(castEnvelope(ctx, message, target, args, options.messageId ?? randomUUID()));
    } finally {
      this.#published('cast', outcome);
    }
    if (outcome === 'unroutable') throw unroutable(target);
  }

  async castMany(envelopes: readonly CastEnvelope[]): Promise<readonly CastResult[]> {
    if (this.#closed) return envelopes.map(() => 'unavailable');
    this.#assertService();
    const sends = envelopes.map((envelope) => this.#castOutcome(envelope));
    const outcomes = await Promise.all(sends);
    for (const outcome of ['sent', 'unroutable', 'unavailable'] as const) {
      const count = outcomes.filter((one) => one === outcome).length;
      if (count > 0) this.#published('cast', outcome, count);
    }
    return outcomes;
  }

  async fanout<Args>(ctx: Ctx, message: CastMessage<Args>, args: NoInfer<Args>): Promise<void> {
    this.#assertOpen();
    this.#assertService();
    const exchange = await this.#topology.fanout(message.topic);
    const properties = encodeProperties({
      method: message.name,
      version: message.version,
      messageId: randomUUID(),
      ctx: portableCtx(ctx, false),
      user: this.#publishLink.user,
    });
    const outcome = await this.#publisher.publish(exchange, '', encodeBody(args), { ...properties, persistent: false });
    this.#published('fanout', outcome); // unroutable: no server runs, which is no failure
  }

  async notify(message: NotificationMessage): Promise<void> {
    this.#assertOpen();
    const { notifyTimeoutMs = DEFAULT_NOTIFY_MS } = this.options;
    let outcome: CastResult = 'unavailable';
    try {
      outcome = await withTimeout(this.#notify(message), notifyTimeoutMs, () => unavailable('no confirm in time'));
    } finally {
      this.#published('notification', outcome);
    }
  }

  override health(): BusHealth {
    const { up, blocked } = this.#publishLink;
    return { ready: !this.#closed && up && !blocked && this.#consumeLink.up, blocked };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#hellos?.stop();
    await Promise.all([this.#publisher.close(FLUSH_MS), this.#calls.close()]);
    await Promise.all([this.#publishLink.close(), this.#consumeLink.close()]);
  }

  /** What an agent tells passes a throttle, which refuses while it is full: a burst of a busy host is told bit by bit. */
  async #notify(message: NotificationMessage): Promise<'sent' | 'unroutable'> {
    if (this.#publishLink.blocked) throw unavailable('it takes no messages for now');
    const topology = this.options.notifications ?? {};
    await this.#publishLink.model(this.options.confirmTimeoutMs ?? DEFAULT_CONFIRM_MS);
    const kind = notificationKey(message.topic, message.priority);
    const { exchange, key } = await this.#topology.notifications(kind, topology, this.options.host);
    const properties = {
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      userId: this.#publishLink.user,
      priority: 0,
      headers: {},
      mandatory: false,
    };
    const body = encodeBody(encodeNotification(message));
    const until = performance.now() + (this.options.notifyTimeoutMs ?? DEFAULT_NOTIFY_MS) - 2 * FULL_PAUSE_MS;
    for (;;) {
      try {
        return await this.#publisher.publish(exchange, key, body, properties);
      } catch (error) {
        if (this.options.host === undefined || this.#closed || performance.now() > until) throw error;
        await pause(FULL_PAUSE_MS * (1 + Math.random()));
      }
    }
  }

  async #castOutcome(envelope: CastEnvelope): Promise<CastResult> {
    try {
      return await this.#cast(envelope);
    } catch (error) {
      const { messageId, method } = envelope;
      const reason = reasonOf(error);
      this.#log.warn({ messageId, method, reason }, 'A cast could not be sent');
      return 'unavailable';
    }
  }

  /** A message that comes back although its queue was declared: the queue was deleted since; once more, then it is so. */
  async #cast(envelope: CastEnvelope): Promise<'sent' | 'unroutable'> {
    const first = await this.#castOnce(envelope);
    if (first === 'sent') return first;
    this.#topology.forget(envelope.target);
    return this.#castOnce(envelope);
  }

  /** Does not yield before the publish where the queue is known, so that casts keep their order. */
  async #castOnce({ messageId, target, method, version, args, ctx }: CastEnvelope): Promise<'sent' | 'unroutable'> {
    const declaring = this.#topology.casts(target);
    if (declaring !== undefined) await declaring;
    const outgoing = { method, version, messageId, ctx: portableCtx(ctx, false), user: this.#publishLink.user };
    const properties = encodeProperties(outgoing);
    return this.#publisher.publish(COMMAND_EXCHANGE, castQueue(this.cell, target), encodeBody(args), properties);
  }

  #published(kind: 'cast' | 'fanout' | 'notification', outcome: CastResult, count = 1): void {
    this.#observe({ type: 'published', kind, outcome, count });
  }

  /** What an agent has to say it says by calls: nobody keeps its casts. */
  #assertService(): void {
    if (this.options.host !== undefined) throw agentCast();
  }

  #assertOpen(): void {
    if (this.#closed) throw unavailable('the bus is closed');
  }
}
