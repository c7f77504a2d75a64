import { randomUUID } from 'node:crypto';
import { AppError, type Ctx, type MessageInfo } from '@kilonova/util';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { BusEvent, BusLog } from '../port/bus-observer.js';
import type { Target } from '../port/target.js';
import { MAX_BODY_BYTES } from '../wire/body-limits.js';
import { callTimeout, malformed, tooLarge, unavailable, unroutable } from '../wire/bus-errors.js';
import { fromWireError } from '../wire/error.codec.js';
import { callQueue } from '../wire/names.js';
import { decodeOutcome } from '../wire/outcome.codec.js';
import type { AmqpLink } from './amqp-link.js';
import { HostReplies } from './host-replies.js';
import { ManagedChannel } from './managed-channel.js';
import { encodeBody, encodeProperties } from './message.codec.js';
import { DIRECT_REPLY, ServiceReplies, takeDirectReplies } from './replies.js';
import type { Address, Topology } from './topology.js';

interface Pending {
  readonly target: Target;
  readonly since: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: AppError) => void;
}

/** Where a request goes, and where its answer comes. */
interface Route {
  readonly to: Address;
  readonly replyTo: string;
}

/** How the two ends of a call find each other; `route` may wait for that long, milliseconds. */
interface Router {
  readonly setup: (channel: Channel) => Promise<unknown>;
  readonly route: (target: Target, timeoutMs: number) => Promise<Route> | Route;
  readonly close: () => Promise<unknown>;
}

export interface CallClientOptions {
  readonly cell: string;
  /** Of an agent, which reaches its conductor alone, through the exchange of its host. */
  readonly host?: string;
  readonly publishLink: AmqpLink;
  readonly consumeLink: AmqpLink;
  readonly topology: Topology;
  readonly log: BusLog;
  readonly observe: (event: BusEvent) => void;
}

/**
 * Calls over AMQP: the request goes unconfirmed and not persistent to the target's queue, the answer comes to a queue of this
 * process. Whatever is pending when a connection is lost fails at once.
 */
export class CallClient {
  readonly #pending = new Map<string, Pending>();
  readonly #requests: ManagedChannel<Channel>;
  readonly #router: Router;

  constructor(private readonly options: CallClientOptions) {
    const { publishLink, host, log } = options;
    this.#router = host === undefined ? this.#asService() : this.#asAgent(host);
    this.#requests = new ManagedChannel(publishLink, {
      name: 'calls',
      open: (model) => model.createChannel(),
      setup: async (channel) => {
        channel.on('return', (message) => this.#returned(message.properties.correlationId));
        await this.#router.setup(channel);
      },
      onLost: () => this.#lost(),
      log,
    });
  }

  /** `ctx` is portable and has a deadline. @throws AppError as MessageBus.call does. */
  async call(ctx: Ctx & { deadline: number }, target: Target, message: MessageInfo, args: unknown): Promise<unknown> {
    const waitMs = Math.max(0, Math.round(ctx.deadline - Date.now()));
    const end = Date.now() + waitMs;
    if (this.#requests.current === undefined) await this.#requests.opened(waitMs);
    const routed = this.#router.route(target, Math.max(0, end - Date.now()));
    const route = routed instanceof Promise ? await routed : routed;
    return this.#ask(ctx, target, route, message, args, waitMs, Math.max(0, end - Date.now()));
  }

  /** How long the oldest call has been waiting for its answer, milliseconds; 0 without one. */
  waitedMs(): number {
    const [oldest] = this.#pending.values();
    return oldest === undefined ? 0 : performance.now() - oldest.since;
  }

  async close(): Promise<void> {
    this.#failAll(unavailable('the bus was closed'));
    await Promise.all([this.#requests.close(), this.#router.close()]);
  }

  #asAgent(host: string): Router {
    let to: Address | undefined;
    return {
      setup: async (channel) => {
        to = await this.options.topology.asking(host);
        await takeDirectReplies(channel, (message) => void this.#replied(message));
      },
      route: (target) => {
        if (target.topic !== 'conductor' || to === undefined) throw unroutable(target);
        return { to, replyTo: DIRECT_REPLY };
      },
      close: () => Promise.resolve(),
    };
  }

  #asService(): Router {
    const { cell, consumeLink: link, topology, log, observe } = this.options;
    const services = new ServiceReplies(
      link,
      cell,
      (message) => void this.#replied(message),
      () => this.#lost(),
      log,
    );
    const hosts = new HostReplies(link, {
      cell,
      topology,
      log,
      observe,
      onAnswer: (message, host) => this.#replied(message, host),
      onLost: (host) => this.#lostOf(host),
    });
    const to = (target: Target): Address => ({ exchange: '', key: callQueue(cell, target) });
    const replyTo = async (target: Target, timeoutMs: number): Promise<Route> => ({
      to: to(target),
      replyTo: await (target.host === undefined ? services.opened(timeoutMs) : hosts.of(target.host, timeoutMs)),
    });
    return {
      setup: () => Promise.resolve(),
      route: (target, timeoutMs) => {
        const known = target.host === undefined ? services.current : undefined;
        return known === undefined ? replyTo(target, timeoutMs) : { to: to(target), replyTo: known };
      },
      close: () => Promise.all([services.close(), hosts.close()]),
    };
  }

  #ask(
    ctx: Ctx,
    target: Target,
    route: Route,
    message: MessageInfo,
    args: unknown,
    waitMs: number,
    leftMs: number,
  ): Promise<unknown> {
    const id = randomUUID();
    return new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => this.#pending.get(id)?.reject(callTimeout(target, message.name, waitMs)), leftMs);
      const done = (): void => {
        clearTimeout(timer);
        this.#pending.delete(id);
      };
      this.#pending.set(id, {
        target,
        since: performance.now(),
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
        this.#send(id, ctx, route, message, args, leftMs);
      } catch (error) {
        this.#pending.get(id)?.reject(error instanceof AppError ? error : unavailable('the channel was lost', error));
      }
    });
  }

  #send(id: string, ctx: Ctx, { to, replyTo }: Route, { name, version }: MessageInfo, args: unknown, leftMs: number): void {
    const channel = this.#requests.current;
    if (channel === undefined) throw unavailable('the channel was lost');
    const body = encodeBody(args);
    if (body.length > MAX_BODY_BYTES) throw tooLarge(body.length, MAX_BODY_BYTES);
    const user = this.options.publishLink.user;
    const properties = encodeProperties({ method: name, version, messageId: id, ctx, user, leftMs });
    const call = { correlationId: id, replyTo, mandatory: true, persistent: false, expiration: String(leftMs) };
    channel.publish(to.exchange, to.key, body, { ...properties, ...call });
  }

  /** @param host whose answer it is, where that is known. @returns whether somebody waited for it. */
  #replied(message: ConsumeMessage, host?: string): boolean {
    const pending = this.#pending.get(String(message.properties.correlationId));
    if (pending === undefined || pending.target.host !== host) return false;
    const outcome = decodeOutcome(message.content.toString('utf8'));
    if (outcome === undefined) pending.reject(malformed('an answer that is no JSON'));
    else if (outcome.type === 'answer') pending.resolve(outcome.result);
    else if (outcome.type === 'error') pending.reject(fromWireError(outcome.error));
    return true;
  }

  #returned(correlationId: unknown): void {
    const pending = this.#pending.get(String(correlationId));
    pending?.reject(unroutable(pending.target));
  }

  #lost(): void {
    this.#failAll(unavailable('the connection was lost while the answer was awaited'));
  }

  #lostOf(host?: string): void {
    const error = unavailable('the way of the answer was lost');
    for (const pending of [...this.#pending.values()]) {
      if (pending.target.host !== undefined && (host === undefined || pending.target.host === host)) pending.reject(error);
    }
  }

  #failAll(error: AppError): void {
    for (const pending of [...this.#pending.values()]) pending.reject(error);
  }
}
