import { backoffMs, type MessageLevel, reasonOf } from '@kilonova/util';
import { nestLog } from '../bus/nest-log.js';
import type { BusLog } from '../port/bus-observer.js';
import type { MessageBus } from '../port/message-bus.js';
import { type HandedCast, HandedCasts } from './handed-casts.js';
import { type OutboxEntry, type OutboxStats, outbox } from './outbox.repository.js';
import type { OutboxDataSource } from './sql-executor.js';
import { Wakeup } from './wakeup.js';

export interface OutboxRelayOptions {
  readonly dataSource: OutboxDataSource;
  readonly bus: MessageBus;
  /** Only messages for this level's broker; default: all. */
  readonly level?: MessageLevel;
  /** Rows a transaction; default 200. */
  readonly batchSize?: number;
  /** How often to look for rows that nobody called `wake` for: another process's, postponed ones. Default 1000 ms. */
  readonly pollMs?: number;
  readonly log?: BusLog;
  /** Called after each batch that had rows. */
  readonly observe?: (batch: { readonly sent: number; readonly postponed: number }) => void;
}

const PUT_BACK = { baseMs: 250, capMs: 30_000 };
const AFTER_ERROR = { baseMs: 250, capMs: 5_000 };
/** From this attempt on a row that can't be sent is an error in the log, not a warning. */
const STUCK_ATTEMPTS = 10;

/**
 * Moves casts from a database's outbox to the broker. Each batch is one transaction: delete rows that no other relay has,
 * publish them and wait for every confirm, put back what was not sent, commit. A crash before the commit leaves the rows,
 * so a message may be sent twice but is never lost; run one relay in each process that writes to the outbox. Casts that
 * somebody waits for are handed over by their writer (`send`), which saves the reading.
 */
export class OutboxRelay {
  readonly #batchSize: number;
  readonly #pollMs: number;
  readonly #log: BusLog;
  readonly #wakeup = new Wakeup();
  readonly #handed: HandedCasts;
  #loop: Promise<void> | undefined;
  #stopped = false;
  #awaySince: number | undefined;

  constructor(private readonly options: OutboxRelayOptions) {
    this.#batchSize = options.batchSize ?? 200;
    this.#pollMs = options.pollMs ?? 1_000;
    this.#log = options.log ?? nestLog('OutboxRelay');
    this.#handed = new HandedCasts({ dataSource: options.dataSource, bus: options.bus, log: this.#log });
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** To be called after the commit of a transaction that enqueued something; costs nothing when there is nothing. */
  wake(): void {
    this.#wakeup.call();
  }

  /** Sends casts that were committed under a lease, at once. Resolves when the broker has them; never fails. */
  send(casts: readonly HandedCast[]): Promise<void> {
    return this.#handed.send(casts);
  }

  /** Ends after the batch that is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wakeup.call();
    await Promise.all([this.#loop, this.#handed.stop()]);
  }

  /** For how long the broker has been found away, milliseconds; 0 when it was there at the last look. */
  awayMs(): number {
    return this.#awaySince === undefined ? 0 : Date.now() - this.#awaySince;
  }

  /** For metrics: how many rows wait and for how long. */
  stats(): Promise<OutboxStats> {
    return outbox.stats(this.options.dataSource);
  }

  async #run(): Promise<void> {
    for (let failures = 0, expected = false; !this.#stopped; ) {
      try {
        const more = await this.#batch(expected);
        failures = 0;
        expected = more || (await this.#wakeup.wait(this.#pollMs));
      } catch (error) {
        failures++;
        this.#log.error({ reason: reasonOf(error), failures }, 'The outbox could not be relayed');
        await this.#wakeup.wait(backoffMs(AFTER_ERROR, failures) + 1);
      }
    }
  }

  /** True when there may be more rows to send right now. `expected`: somebody says that there are rows. */
  async #batch(expected: boolean): Promise<boolean> {
    // Not while the broker is away: rows would be locked while their messages wait, and postponed in the end.
    if (!this.options.bus.health().ready) {
      this.#awaySince ??= Date.now();
      return false;
    }
    this.#awaySince = undefined;
    if (!expected && !(await outbox.isDue(this.options.dataSource, this.options.level))) return false;
    const { taken, failed } = await this.options.dataSource.transaction(async (sql) => {
      const entries = await outbox.take(sql, this.#batchSize, this.options.level);
      if (entries.length === 0) return { taken: 0, failed: [] };
      const results = await this.options.bus.castMany(entries.map(({ envelope }) => envelope));
      const unsent = entries.filter((_, index) => results[index] !== 'sent');
      await outbox.putBack(sql, unsent, PUT_BACK.baseMs, PUT_BACK.capMs);
      return { taken: entries.length, failed: unsent };
    });
    this.#report(taken, failed);
    return taken === this.#batchSize;
  }

  #report(taken: number, failed: readonly OutboxEntry[]): void {
    if (taken > 0) this.options.observe?.({ sent: taken - failed.length, postponed: failed.length });
    if (failed.length === 0) return;
    const attempts = Math.max(...failed.map(({ row }) => row.attempts)) + 1;
    const fields = { postponed: failed.length, attempts, messageId: failed[0]?.envelope.messageId };
    if (attempts >= STUCK_ATTEMPTS) this.#log.error(fields, 'Casts cannot be sent for a long time');
    else this.#log.warn(fields, 'Casts could not be sent and are put off');
  }
}
