import { randomUUID } from 'node:crypto';
import { pause } from '@kilonova/util';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { ConfirmPublisher } from './confirm-publisher.js';
import type { Source } from './queue-consumer.js';
import type { Topology } from './topology.js';

/** How often an agent says that it is there, so that conductors which came later know. */
const EVERY_MS = 30_000;
/** Whoever waits for so long for an answer may not have been heard of. */
const UNHEARD_MS = 1_000;
const NOTHING = Buffer.alloc(0);
const MAX_WAITING = 10_000;

/** Where a conductor hears of hosts; the broker wrote the name, not the agent. */
export const helloSource = (topology: Topology, onHost: (host: string) => void): Source => ({
  declare: async (channel: Channel) => {
    const exchange = await topology.hellos();
    const { queue } = await channel.assertQueue(`${exchange}.${randomUUID()}`, {
      exclusive: true,
      autoDelete: true,
      durable: false,
      arguments: { 'x-max-length': MAX_WAITING },
    });
    await channel.bindQueue(queue, exchange, '');
    return queue;
  },
  onMessage: ({ fields }: ConsumeMessage) => onHost(fields.routingKey),
});

/** An agent's word that its host is there: at once, now and then, and while nobody answers it. */
export class Hellos {
  readonly #stop = new AbortController();

  constructor(
    private readonly host: string,
    private readonly publisher: ConfirmPublisher,
    private readonly topology: Topology,
    /** How long the oldest of its calls has waited for its answer, milliseconds. */
    private readonly waitedMs: () => number,
  ) {
    void this.#run();
  }

  stop(): void {
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (let due = 0; !signal.aborted; ) {
      const now = performance.now();
      if (now >= due || this.waitedMs() >= UNHEARD_MS) {
        await this.#say();
        due = now + EVERY_MS * (0.5 + Math.random());
      }
      await pause(UNHEARD_MS * (0.5 + Math.random()), signal).catch(() => undefined);
    }
  }

  /** One that is lost is said again; the broker refuses one that was said a moment ago. */
  async #say(): Promise<void> {
    await this.topology
      .hello(this.host)
      .then(({ exchange, key }) => this.publisher.publish(exchange, key, NOTHING, { persistent: false }))
      .catch(() => undefined);
  }
}
