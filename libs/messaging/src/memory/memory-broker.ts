import type { DeadLetter } from '../dead-letters/dead-letter.js';
import type { NotificationEnvelope } from '../notifications/oslo.codec.js';
import { MemoryQueue } from './memory-queue.js';
import type { StoredMessage } from './stored-message.js';

const MAX_QUEUE = 100_000;
const MAX_DEAD = 10_000;

export interface NotificationSink {
  readonly routingKeys: ReadonlySet<string>;
  readonly take: (envelope: NotificationEnvelope) => void;
}

/**
 * The broker of one process: what its buses and servers of one `memory://` name share. It lives as long as one of
 * them holds it; messages that nobody has taken by then are gone.
 */
export class MemoryBroker {
  readonly #queues = new Map<string, MemoryQueue>();
  readonly #fanouts = new Map<string, Set<(message: StoredMessage) => void>>();
  readonly #sinks = new Set<NotificationSink>();
  readonly #timers = new Set<NodeJS.Timeout>();
  /** By topic's dead-letter queue name, oldest first. */
  readonly dead = new Map<string, DeadLetter[]>();

  queue(name: string): MemoryQueue {
    const queue = this.#queues.get(name) ?? new MemoryQueue(MAX_QUEUE);
    this.#queues.set(name, queue);
    return queue;
  }

  pushLater(name: string, message: StoredMessage, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.queue(name).push(message);
    }, delayMs);
    timer.unref();
    this.#timers.add(timer);
  }

  bury(queue: string, letter: DeadLetter): void {
    const letters = this.dead.get(queue) ?? [];
    this.dead.set(queue, letters);
    letters.push(letter);
    if (letters.length > MAX_DEAD) letters.shift();
  }

  fanout(exchange: string, message: StoredMessage): void {
    for (const deliver of this.#fanouts.get(exchange) ?? []) deliver(message);
  }

  onFanout(exchange: string, deliver: (message: StoredMessage) => void): () => void {
    const members = this.#fanouts.get(exchange) ?? new Set();
    this.#fanouts.set(exchange, members);
    members.add(deliver);
    return () => members.delete(deliver);
  }

  /** @param encode makes what listeners get; not called while nobody listens. */
  publishNotification(routingKey: string, encode: () => NotificationEnvelope): void {
    const listening = [...this.#sinks].filter((sink) => sink.routingKeys.has(routingKey));
    if (listening.length === 0) return;
    const envelope = encode();
    for (const sink of listening) sink.take(envelope);
  }

  addSink(sink: NotificationSink): () => void {
    this.#sinks.add(sink);
    return () => this.#sinks.delete(sink);
  }

  dispose(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
