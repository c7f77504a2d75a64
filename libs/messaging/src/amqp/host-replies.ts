import { randomUUID } from 'node:crypto';
import { pause } from '@kilonova/util';
import type { Channel, ConsumeMessage } from 'amqplib';
import { agentUser } from '../port/broker-users.js';
import type { BusEvent, BusLog } from '../port/bus-observer.js';
import { unavailable, unroutable } from '../wire/bus-errors.js';
import { callQueue, replyQueue } from '../wire/names.js';
import type { AmqpLink } from './amqp-link.js';
import { ManagedChannel } from './managed-channel.js';
import type { Topology } from './topology.js';

/** A queue of answers that nothing was asked for so long is given up, so that there are few of them. */
const IDLE_MS = 60_000;
/** Answers that nobody waits for, of one host, before its queue is given up: late ones are some, floods are many. */
const MAX_STRAY = 100;
/** How long a host that floods is not asked. */
const SILENCE_MS = 5_000;
/** How long an agent that is just being started again is waited for. */
const GRACE_MS = 3_000;
const LOOK_MS = 200;
const LIMITS = { 'x-max-length': 1_000, 'x-max-length-bytes': 32 * 1024 * 1024 };
/** Answers of one host that are on their way to us. */
const PREFETCH = 32;

interface Box {
  readonly name: string;
  readonly tag: string;
  stray: number;
  usedAt: number;
}

export interface HostRepliesOptions {
  readonly cell: string;
  readonly topology: Topology;
  readonly log: BusLog;
  readonly observe: (event: BusEvent) => void;
  /** Told of an answer and whose it is. @returns whether somebody waited for it. */
  readonly onAnswer: (message: ConsumeMessage, host: string) => boolean;
  /** What was asked of the host (left out: of any) will not be answered. */
  readonly onLost: (host?: string) => void;
}

/**
 * Queues for the answers of agents, one for each host that is asked: it is bound to the exchange of that host, whose agent reaches no
 * other. One that sends answers which nobody waits for loses its queue, and nobody else does.
 */
export class HostReplies {
  readonly #channel: ManagedChannel<Channel>;
  readonly #boxes = new Map<string, Promise<Box>>();
  readonly #silentUntil = new Map<string, number>();
  readonly #sweep: NodeJS.Timeout;

  constructor(
    private readonly link: AmqpLink,
    private readonly options: HostRepliesOptions,
  ) {
    this.#channel = new ManagedChannel(link, {
      name: 'host replies',
      open: (model) => model.createChannel(),
      setup: async (channel) => void (await channel.prefetch(PREFETCH)),
      onLost: () => {
        this.#boxes.clear();
        options.onLost();
      },
      log: options.log,
    });
    this.#sweep = setInterval(() => void this.#forgetIdle(), IDLE_MS).unref();
  }

  /**
   * The queue to which the host can answer.
   * @throws AppError `messaging.unroutable` when nobody serves the host; `messaging.unavailable`.
   */
  async of(host: string, timeoutMs: number): Promise<string> {
    if ((this.#silentUntil.get(host) ?? 0) > performance.now()) throw unavailable(`${agentUser(host)} floods us`);
    await this.#served(host, timeoutMs);
    const box = await (this.#boxes.get(host) ?? this.#make(host, timeoutMs));
    box.usedAt = performance.now();
    return box.name;
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    await this.#channel.close();
  }

  #make(host: string, timeoutMs: number): Promise<Box> {
    const made = this.#open(host, timeoutMs);
    this.#boxes.set(host, made);
    made.catch(() => this.#boxes.get(host) === made && this.#boxes.delete(host));
    return made;
  }

  async #open(host: string, timeoutMs: number): Promise<Box> {
    const exchange = await this.options.topology.answers(host);
    const channel = await this.#channel.opened(timeoutMs);
    const name = replyQueue(this.options.cell, randomUUID());
    await channel.assertQueue(name, { exclusive: true, autoDelete: true, durable: false, arguments: LIMITS });
    await channel.bindQueue(name, exchange, name);
    const { consumerTag: tag } = await channel.consume(name, (message) => this.#answered(channel, host, message));
    return { name, tag, stray: 0, usedAt: performance.now() };
  }

  #answered(channel: Channel, host: string, message: ConsumeMessage | null): void {
    if (message === null) return void this.#drop(host);
    try {
      channel.ack(message);
    } catch {
      return; // the channel is gone, and with it all that was asked
    }
    if (!this.options.onAnswer(message, host)) void this.#stray(host);
  }

  async #stray(host: string): Promise<void> {
    const box = await this.#boxes.get(host)?.catch(() => undefined);
    if (box === undefined) return;
    box.stray += 1;
    if (box.stray !== MAX_STRAY) return;
    const sender = agentUser(host);
    this.options.log.error({ sender, ms: SILENCE_MS }, 'A sender floods us; it is not asked for a while');
    this.options.observe({ type: 'refused', kind: 'call', code: 'messaging.sender.floods' });
    this.#silentUntil.set(host, performance.now() + SILENCE_MS);
    await this.#drop(host);
  }

  async #drop(host: string): Promise<void> {
    const box = this.#boxes.get(host);
    this.#boxes.delete(host);
    this.options.onLost(host);
    const { name } = (await box?.catch(() => undefined)) ?? {};
    if (name !== undefined) await this.#channel.current?.deleteQueue(name).catch(() => undefined);
  }

  async #forgetIdle(): Promise<void> {
    const now = performance.now();
    for (const [host, until] of this.#silentUntil) if (until <= now) this.#silentUntil.delete(host);
    for (const [host, opening] of this.#boxes) {
      const box = await opening.catch(() => undefined);
      if (box !== undefined && now - box.usedAt > IDLE_MS) await this.#drop(host);
    }
  }

  /** A host's queue of calls stays when nobody serves it, so whoever asks looks first. */
  async #served(host: string, timeoutMs: number): Promise<void> {
    const queue = callQueue(this.options.cell, { topic: 'compute', host });
    const until = performance.now() + Math.min(GRACE_MS, timeoutMs);
    for (;;) {
      const consumers = await this.#consumersOf(queue, timeoutMs);
      if (consumers !== undefined && consumers > 0) return;
      if (consumers === undefined || performance.now() >= until) throw unroutable({ topic: 'compute', host });
      await pause(LOOK_MS);
    }
  }

  /** Undefined: there is no such queue. On a channel of its own, as the broker closes that then. */
  async #consumersOf(queue: string, timeoutMs: number): Promise<number | undefined> {
    const channel = await (await this.link.model(timeoutMs)).createChannel();
    channel.on('error', () => undefined);
    try {
      const { consumerCount } = await channel.checkQueue(queue);
      await channel.close();
      return consumerCount;
    } catch (error) {
      if ((error as { code?: unknown }).code === 404) return undefined;
      throw unavailable('the channel was lost', error);
    }
  }
}
