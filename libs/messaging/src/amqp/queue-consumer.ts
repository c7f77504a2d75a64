import { withTimeout } from '@kilonova/util';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { BusLog } from '../port/bus-observer.js';
import { unavailable } from '../wire/bus-errors.js';
import type { AmqpLink } from './amqp-link.js';
import { ManagedChannel } from './managed-channel.js';

const CANCEL_TIMEOUT_MS = 5_000;

/** One queue to consume. */
export interface Source {
  /** Makes sure that the queue is there and returns its name; asked again after the queue was deleted. */
  readonly declare: (channel: Channel) => Promise<string>;
  readonly onMessage: (message: ConsumeMessage, channel: Channel) => void;
}

export interface ConsumerOptions {
  readonly name: string;
  /** Per source. */
  readonly prefetch: number;
  readonly noAck?: boolean;
  readonly log: BusLog;
}

/**
 * Consumers that come back: after a lost channel or connection, and after a queue was deleted under them, which the
 * broker tells by a message that is null and nothing else.
 */
export class QueueConsumer {
  readonly #channel: ManagedChannel<Channel>;
  readonly #tags = new Map<Source, string>();
  readonly #stop = new AbortController();
  #onReady: Array<() => void> = [];

  constructor(
    link: AmqpLink,
    private readonly sources: readonly Source[],
    private readonly options: ConsumerOptions,
  ) {
    this.#channel = new ManagedChannel(link, {
      name: options.name,
      open: (model) => model.createChannel(),
      setup: async (channel) => {
        this.#tags.clear();
        await channel.prefetch(options.prefetch);
        for (const source of sources) await this.#consume(channel, source);
      },
      onLost: () => this.#tags.clear(),
      log: options.log,
    });
  }

  /** How many sources have their consumer now. */
  get active(): number {
    return this.#stop.signal.aborted ? 0 : this.#tags.size;
  }

  /** Resolves when every source has its consumer. */
  async ready(): Promise<void> {
    if (this.active === this.sources.length) return;
    await new Promise<void>((resolve) => this.#onReady.push(resolve));
  }

  /** No more deliveries; what was delivered may still be acknowledged. */
  async stop(): Promise<void> {
    this.#stop.abort();
    const channel = this.#channel.current;
    if (channel === undefined) return;
    const cancelled = Promise.all([...this.#tags.values()].map((tag) => channel.cancel(tag)));
    await withTimeout(cancelled, CANCEL_TIMEOUT_MS, () => unavailable('no answer')).catch(() => undefined);
  }

  /** Flushes the acknowledgements and closes; what is not acknowledged will be delivered again. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#channel.close();
  }

  async #consume(channel: Channel, source: Source): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const queue = await source.declare(channel);
    const onMessage = (message: ConsumeMessage | null): void => {
      if (message === null) this.#cancelled(channel, source);
      else source.onMessage(message, channel);
    };
    const { consumerTag } = await channel.consume(queue, onMessage, { noAck: this.options.noAck === true });
    this.#tags.set(source, consumerTag);
    if (this.active === this.sources.length) for (const resolve of this.#onReady.splice(0)) resolve();
  }

  /** A fresh channel: on the old one, RabbitMQ 3.10 delivers nothing from a quorum queue that was deleted and made again. */
  #cancelled(channel: Channel, source: Source): void {
    this.#tags.delete(source);
    this.options.log.warn({ consumer: this.options.name }, 'The broker cancelled a consumer; its queue is declared again');
    channel.close().catch(() => undefined); // closed already: opened again all the same
  }
}
