import type { Settlement } from '../serve/dispatcher.js';
import { FirstInFirstOut } from './first-in-first-out.js';
import type { StoredMessage } from './stored-message.js';

/** One consumer of a queue; it has at most `prefetch` messages under way. */
export interface MemoryConsumer {
  readonly prefetch: number;
  readonly deliver: (message: StoredMessage) => Promise<Settlement>;
}

/** The real one, also under a test's fake timers. */
const soon = setImmediate;

/** A bounded queue with competing consumers: each message goes to one of them and stays until it is acknowledged. */
export class MemoryQueue {
  readonly #waiting = new FirstInFirstOut<StoredMessage>();
  readonly #active = new Map<MemoryConsumer, number>();
  #scheduled = false;

  constructor(private readonly maxLength: number) {}

  get length(): number {
    return this.#waiting.length;
  }

  get consumers(): number {
    return this.#active.size;
  }

  /** False when the queue is full. */
  push(message: StoredMessage): boolean {
    if (this.#waiting.length >= this.maxLength) return false;
    this.#waiting.push(message);
    this.#wake();
    return true;
  }

  /** Returns the function that takes the consumer away; what it has under way is not taken back. */
  consume(consumer: MemoryConsumer): () => void {
    this.#active.set(consumer, 0);
    this.#wake();
    return () => this.#active.delete(consumer);
  }

  #wake(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    soon(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#waiting.length > 0) {
      const consumer = this.#leastBusy();
      if (consumer === undefined) return;
      const message = this.#waiting.shift();
      if (message !== undefined) this.#deliver(consumer, message);
    }
  }

  #leastBusy(): MemoryConsumer | undefined {
    let best: MemoryConsumer | undefined;
    let bestActive = Number.POSITIVE_INFINITY;
    for (const [consumer, active] of this.#active) {
      if (active < consumer.prefetch && active < bestActive) [best, bestActive] = [consumer, active];
    }
    return best;
  }

  #deliver(consumer: MemoryConsumer, message: StoredMessage): void {
    this.#active.set(consumer, (this.#active.get(consumer) ?? 0) + 1);
    const settled = (settlement: Settlement): void => {
      const active = this.#active.get(consumer);
      if (active !== undefined) this.#active.set(consumer, active - 1);
      if (settlement === 'requeue') this.#waiting.unshift(message);
      this.#wake();
    };
    consumer.deliver(message).then(settled, () => settled('requeue'));
  }
}
