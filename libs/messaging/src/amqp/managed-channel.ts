import { backoffMs, pause, reasonOf, withTimeout } from '@kilonova/util';
import type { Channel, ChannelModel } from 'amqplib';
import type { BusLog } from '../port/bus-observer.js';
import { unavailable } from '../wire/bus-errors.js';
import type { AmqpLink } from './amqp-link.js';

const REOPEN = { baseMs: 100, capMs: 5_000 };
const CLOSE_TIMEOUT_MS = 5_000;

export interface ChannelPlan<C extends Channel> {
  /** For logs. */
  readonly name: string;
  readonly open: (model: ChannelModel) => Promise<C>;
  /** Run on each new channel before anyone gets it: declarations, prefetch, consumers. */
  readonly setup?: (channel: C) => Promise<void>;
  /** The channel is gone, with all that was under way on it. */
  readonly onLost?: () => void;
  readonly log: BusLog;
}

/** A channel that is opened and set up again whenever it or its connection is lost. */
export class ManagedChannel<C extends Channel> {
  readonly #stop = new AbortController();
  readonly #loop: Promise<void>;
  #channel: C | undefined;
  #waiters: Array<{ resolve: (channel: C) => void; reject: (error: Error) => void }> = [];

  constructor(
    private readonly link: AmqpLink,
    private readonly plan: ChannelPlan<C>,
  ) {
    this.#loop = this.#run();
  }

  /** The open channel, if there is one now. */
  get current(): C | undefined {
    return this.#channel;
  }

  /** Waits for the channel. @throws AppError `messaging.unavailable` after `timeoutMs`, or when closed. */
  async opened(timeoutMs: number): Promise<C> {
    if (this.#channel !== undefined) return this.#channel;
    if (this.#stop.signal.aborted) throw unavailable('the channel was closed');
    const waiting = new Promise<C>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    return withTimeout(waiting, timeoutMs, () => unavailable('no channel'));
  }

  /** What was sent before is flushed. */
  async close(): Promise<void> {
    const channel = this.#channel;
    this.#stop.abort(unavailable('the channel was closed'));
    for (const { reject } of this.#waiters.splice(0)) reject(unavailable('the channel was closed'));
    if (channel === undefined) return;
    // A broker that no longer answers ends with the connection, which is closed next.
    const closed = channel.close().then(() => this.#loop);
    await withTimeout(closed, CLOSE_TIMEOUT_MS, () => unavailable('no answer')).catch(() => undefined);
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stop.signal.aborted; ) {
      const opened = await this.#life().catch((error: unknown) => {
        this.#warn(error);
        return false;
      });
      failures = opened ? 0 : failures + 1;
      await pause(backoffMs(REOPEN, failures), this.#stop.signal).catch(() => undefined);
    }
  }

  /** One channel from opening to loss; true when it was in use. */
  async #life(): Promise<boolean> {
    const channel = await this.plan.open(await this.link.model());
    const lost = new Promise<void>((resolve) => channel.once('close', resolve));
    channel.on('error', (error) => this.#warn(error));
    await this.plan.setup?.(channel);
    this.#channel = channel;
    for (const { resolve } of this.#waiters.splice(0)) resolve(channel);
    await lost;
    this.#channel = undefined;
    this.plan.onLost?.();
    return true;
  }

  #warn(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    this.plan.log.warn({ channel: this.plan.name, reason: reasonOf(error) }, 'A channel failed and is opened again');
  }
}
