import { createMessageBus, type MessageBus } from '@kilonova/messaging';
import pg from 'pg';
import { vi } from 'vitest';

/** What one piece of work cost. */
export interface Cost {
  /** Statements by service and beginning, cells without their number; BEGIN and COMMIT count. */
  readonly statements: Readonly<Record<string, number>>;
  /** Calls, casts and events by name: `call take_step`, `event instance.update`. */
  readonly messages: Readonly<Record<string, number>>;
}

/** Characters of a statement that tell it from others. */
const LENGTH = 160;

type Named = pg.Client & { readonly connectionParameters?: { readonly application_name?: string } };

/** Counts the statements and messages of everything that runs in this process over the memory bus. */
export class Tally {
  #statements: string[] = [];
  #messages: string[] = [];
  readonly #restore: Array<() => void> = [];

  constructor() {
    this.#watchStatements();
    this.#watchMessages();
  }

  begin(): void {
    [this.#statements, this.#messages] = [[], []];
  }

  get total(): number {
    return this.#statements.length + this.#messages.length;
  }

  /** Whether a message of the name has been sent since `begin`. */
  saw(message: string): boolean {
    return this.#messages.includes(message);
  }

  get cost(): Cost {
    return { statements: countBy(this.#statements), messages: countBy(this.#messages) };
  }

  stop(): void {
    for (const restore of this.#restore) restore();
  }

  #watchStatements(): void {
    const original = pg.Client.prototype.query as (...args: unknown[]) => unknown;
    const note = (client: Named, query: string | { readonly text?: string }): void => {
      const service = (client.connectionParameters?.application_name ?? '?').replace(/\d+$/, '');
      const text = typeof query === 'string' ? query : (query.text ?? '?');
      this.#statements.push(`${service}: ${text.replaceAll(/\s+/g, ' ').trim().slice(0, LENGTH)}`);
    };
    const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
      note(this, args[0] as string);
      return original.apply(this, args) as never;
    } as never);
    this.#restore.push(() => spy.mockRestore());
  }

  #watchMessages(): void {
    const bus = createMessageBus({ url: 'memory://tally', cell: 'tally' });
    const prototype = Object.getPrototypeOf(bus) as MessageBus;
    const { call, castMany, notify } = prototype;
    const add = (name: string): void => void this.#messages.push(name);
    Object.assign(prototype, {
      call(this: MessageBus, ...words: Parameters<MessageBus['call']>) {
        add(`call ${words[1].name}`);
        return call.apply(this, words);
      },
      castMany(this: MessageBus, ...words: Parameters<MessageBus['castMany']>) {
        for (const { method } of words[0]) add(`cast ${method}`);
        return castMany.apply(this, words);
      },
      notify(this: MessageBus, ...words: Parameters<MessageBus['notify']>) {
        add(`event ${words[0].eventType}`);
        return notify.apply(this, words);
      },
    });
    this.#restore.push(() => Object.assign(prototype, { call, castMany, notify }));
    void bus.close();
  }
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
