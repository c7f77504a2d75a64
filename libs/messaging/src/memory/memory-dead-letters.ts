import {
  chosen,
  type DeadLetter,
  type DeadLetters,
  type DeadLettersOptions,
  type LetterSelection,
  type Replayed,
  type ReplayOptions,
} from '../dead-letters/dead-letter.js';
import { obstacleTo } from '../dead-letters/replay-rules.js';
import type { ServiceTopic } from '../port/target.js';
import { portableCtx } from '../wire/ctx.codec.js';
import { castQueue, deadQueue } from '../wire/names.js';
import { FIRST_VERSION } from '../wire/version.js';
import { holdMemoryBroker, type MemoryLease } from './memory-registry.js';
import { storeMessage } from './stored-message.js';

/** Within one process nobody forges, and everything is kept whole. */
const HELD = { ofShelf: true, authentic: true, whole: true };

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

  async replay(topic: ServiceTopic, which: LetterSelection, { force = false }: ReplayOptions = {}): Promise<Replayed> {
    const may = (letter: DeadLetter) => obstacleTo({ ...HELD, reason: letter.reason }, force);
    const kept = this.#letters(topic).flatMap((letter) => {
      const why = chosen(letter, which) ? may(letter) : undefined;
      return why === undefined ? [] : [{ messageId: letter.messageId, why }];
    });
    const taken = this.#take(topic, (letter) => chosen(letter, which) && may(letter) === undefined);
    for (const { messageId, target, method, version = FIRST_VERSION, args, ctx: sent } of taken) {
      const ctx = portableCtx(sent, false);
      const message = storeMessage({ kind: 'cast', messageId, target, method, version, args, ctx, attempt: 1 });
      this.#lease.broker.queue(castQueue(this.options.cell, target)).push(message);
    }
    return { sent: taken.map(({ messageId }) => messageId), kept };
  }

  async drop(topic: ServiceTopic, which: LetterSelection): Promise<readonly string[]> {
    return this.#take(topic, (letter) => chosen(letter, which)).map(({ messageId }) => messageId);
  }

  async close(): Promise<void> {
    this.#lease.release();
  }

  #letters(topic: ServiceTopic): DeadLetter[] {
    return this.#lease.broker.dead.get(deadQueue(this.options.cell, topic)) ?? [];
  }

  #take(topic: ServiceTopic, wanted: (letter: DeadLetter) => boolean): DeadLetter[] {
    const letters = this.#letters(topic);
    this.#lease.broker.dead.set(
      deadQueue(this.options.cell, topic),
      letters.filter((letter) => !wanted(letter)),
    );
    return letters.filter(wanted);
  }
}
