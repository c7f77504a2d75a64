import type { DeadLetter, DeadLetters, DeadLettersOptions, LetterSelection } from '../dead-letters/dead-letter.js';
import type { ServiceTopic } from '../port/target.js';
import { portableCtx } from '../wire/ctx.codec.js';
import { castQueue, deadQueue } from '../wire/names.js';
import { FIRST_VERSION } from '../wire/version.js';
import { holdMemoryBroker, type MemoryLease } from './memory-registry.js';
import { storeMessage } from './stored-message.js';

/** Dead letters of `memory://`. */
export class MemoryDeadLetters implements DeadLetters {
  readonly #lease: MemoryLease;

  constructor(private readonly options: DeadLettersOptions) {
    this.#lease = holdMemoryBroker(options.url);
  }

  async list(topic: ServiceTopic, limit = 100): Promise<readonly DeadLetter[]> {
    return this.#letters(topic).slice(0, limit);
  }

  async show(topic: ServiceTopic, messageId: string): Promise<DeadLetter | undefined> {
    return this.#letters(topic).find((letter) => letter.messageId === messageId);
  }

  async replay(topic: ServiceTopic, which: LetterSelection): Promise<number> {
    const taken = this.#take(topic, which);
    for (const { messageId, target, method, version = FIRST_VERSION, args, ctx: sent } of taken) {
      const ctx = portableCtx(sent, false);
      const message = storeMessage({ kind: 'cast', messageId, target, method, version, args, ctx, attempt: 1 });
      this.#lease.broker.queue(castQueue(this.options.cell, target)).push(message);
    }
    return taken.length;
  }

  async drop(topic: ServiceTopic, which: LetterSelection): Promise<number> {
    return this.#take(topic, which).length;
  }

  async close(): Promise<void> {
    this.#lease.release();
  }

  #letters(topic: ServiceTopic): DeadLetter[] {
    return this.#lease.broker.dead.get(deadQueue(this.options.cell, topic)) ?? [];
  }

  #take(topic: ServiceTopic, which: LetterSelection): DeadLetter[] {
    const letters = this.#letters(topic);
    const chosen = (letter: DeadLetter): boolean => which === 'all' || which.includes(letter.messageId);
    const taken = letters.filter(chosen);
    this.#lease.broker.dead.set(
      deadQueue(this.options.cell, topic),
      letters.filter((letter) => !chosen(letter)),
    );
    return taken;
  }
}
