import { pause, reasonOf, withTimeout } from '@kilonova/util';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { BusLog } from '../port/bus-observer.js';
import { unavailable } from '../wire/bus-errors.js';
import type { AmqpLink } from './amqp-link.js';
import { ManagedChannel } from './managed-channel.js';
import type { Topology } from './topology.js';

/** Calls of one host that are under way here. */
const PREFETCH = 8;

const OPEN_MS = 30_000;
const CANCEL_TIMEOUT_MS = 5_000;

/** What becomes of a call. */
export type OnAgentCall = (message: ConsumeMessage, channel: Channel, host: string) => void;

/**
 * Consumes what agents ask, from one queue of each host: one channel with a consumer for each host that said it is there. A host that
 * floods is not consumed for a while. Its queue runs full, and the broker refuses the rest.
 */
export class HostInboxes {
  readonly #channel: ManagedChannel<Channel>;
  readonly #hosts = new Set<string>();
  /** The consumers, by host. */
  readonly #tags = new Map<string, string>();
  readonly #paused = new Set<string>();
  readonly #stop = new AbortController();
  /** One change of consumers after the other, so that none overtakes its opposite. */
  #last: Promise<void> = Promise.resolve();

  constructor(
    link: AmqpLink,
    private readonly topology: Topology,
    private readonly onCall: OnAgentCall,
    private readonly log: BusLog,
  ) {
    this.#channel = new ManagedChannel(link, {
      name: 'agents',
      open: (model) => model.createChannel(),
      setup: async (channel) => {
        this.#tags.clear();
        await channel.prefetch(PREFETCH);
        for (const host of this.#hosts) await this.#consume(channel, host);
      },
      onLost: () => this.#tags.clear(),
      log,
    });
  }

  /** There is such a host; told again, nothing happens. */
  add(host: string): void {
    if (this.#hosts.has(host)) return;
    this.#hosts.add(host);
    this.#change((channel) => this.#consume(channel, host));
  }

  /** Leaves a host's queue alone, for at least so long. */
  pause(host: string, ms: number): void {
    if (!this.#hosts.has(host) || this.#paused.has(host)) return;
    this.#paused.add(host);
    this.#change((channel) => this.#cancel(channel, host));
    const signal = this.#stop.signal;
    void pause(ms * (1 + Math.random() / 2), signal).then(
      () => {
        this.#paused.delete(host);
        this.#change((channel) => this.#consume(channel, host));
      },
      () => undefined,
    );
  }

  /** No more deliveries; what was delivered may still be acknowledged. */
  async stop(): Promise<void> {
    this.#stop.abort();
    const channel = this.#channel.current;
    if (channel === undefined) return;
    const cancelled = Promise.all([...this.#tags.keys()].map((host) => this.#cancel(channel, host)));
    await withTimeout(cancelled, CANCEL_TIMEOUT_MS, () => unavailable('no answer')).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#channel.close();
  }

  #change(step: (channel: Channel) => Promise<void>): void {
    this.#last = this.#last.then(async () => {
      if (this.#stop.signal.aborted) return;
      // Without a channel there is nothing to change: the next one begins with all hosts that are not paused.
      const channel = await this.#channel.opened(OPEN_MS).catch(() => undefined);
      if (channel !== undefined) await step(channel).catch((error: unknown) => this.#warn(error));
    });
  }

  async #consume(channel: Channel, host: string): Promise<void> {
    if (this.#stop.signal.aborted || this.#paused.has(host) || this.#tags.has(host)) return;
    const queue = await this.#declared(host);
    if (queue === undefined) return;
    const { consumerTag } = await channel.consume(queue, (message) => {
      if (message === null) this.#forget(host);
      else this.onCall(message, channel, host);
    });
    this.#tags.set(host, consumerTag);
  }

  async #cancel(channel: Channel, host: string): Promise<void> {
    const tag = this.#tags.get(host);
    this.#tags.delete(host);
    if (tag !== undefined) await channel.cancel(tag);
  }

  /** A queue that cannot be had must not cost the others their channel: the host is forgotten until it is heard of again. */
  async #declared(host: string): Promise<string | undefined> {
    try {
      return await this.topology.inbox(host);
    } catch (error) {
      this.#forget(host);
      this.#warn(error);
      return undefined;
    }
  }

  /** Its queue was deleted: when the host is heard of again, there is a new one. */
  #forget(host: string): void {
    this.#tags.delete(host);
    this.#hosts.delete(host);
    this.topology.forgetInbox(host);
  }

  #warn(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    this.log.warn({ reason: reasonOf(error) }, 'What an agent asks cannot be consumed');
  }
}
