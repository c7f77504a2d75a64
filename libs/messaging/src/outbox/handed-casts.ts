import { backoffMs, pause, reasonOf } from '@kilonova/util';
import type { BusLog } from '../port/bus-observer.js';
import type { CastEnvelope, MessageBus } from '../port/message-bus.js';
import { envelopeOf, type OutboxRow, outbox } from './outbox.repository.js';
import type { SqlExecutor } from './sql-executor.js';

/** A cast whose row was committed under a lease (`OUTBOX_LEASE`): the row's id, and what it says. */
export interface HandedCast {
  readonly id: string;
  readonly envelope: CastEnvelope;
}

/** The cast of a row that was inserted under a lease and read back whole. */
export const handedCast = (row: OutboxRow): HandedCast => ({ id: row.id, envelope: envelopeOf(row) });

export interface HandedCastsOptions {
  readonly dataSource: SqlExecutor;
  readonly bus: MessageBus;
  readonly log: BusLog;
}

/** Rows of sent casts are collected for so long and deleted together; far below the lease. */
const COLLECT_MS = 20;
const ROWS_PER_DELETE = 500;
/** More casts than this at once are left to the relay's loop. */
const MOST = 2_000;
const AFTER_ERROR = { baseMs: 100, capMs: 1_000 };
/** Failed deletes until rows are left to their lease, to be sent a second time. */
const GIVE_UP = 10;

/**
 * Sends casts that their writer hands over after its commit, without reading them from the outbox, and deletes their rows
 * afterwards, many in one statement. Nobody else touches the rows before their lease ends; whatever goes wrong here, the
 * loop of a relay sends them then.
 */
export class HandedCasts {
  readonly #sending = new Set<Promise<void>>();
  #underWay = 0;
  #sent: string[] = [];
  #deleting: Promise<void> | undefined;
  #stopped = false;

  constructor(private readonly options: HandedCastsOptions) {}

  /** Never fails. */
  async send(casts: readonly HandedCast[]): Promise<void> {
    if (this.#stopped || !this.options.bus.health().ready) return;
    if (this.#underWay + this.#sent.length + casts.length > MOST) return;
    const sending = this.#send(casts);
    this.#sending.add(sending);
    await sending;
    this.#sending.delete(sending);
  }

  /** Ends when no row of a cast that was sent is left, or its lease will tell; what comes now is left to its lease. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#sending);
    await this.#deleting;
  }

  async #send(casts: readonly HandedCast[]): Promise<void> {
    const { bus, log } = this.options;
    this.#underWay += casts.length;
    try {
      const results = await bus.castMany(casts.map(({ envelope }) => envelope));
      this.#sent.push(...casts.filter((_, index) => results[index] === 'sent').map(({ id }) => id));
      this.#deleting ??= this.#delete().finally(() => {
        this.#deleting = undefined;
      });
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, 'Casts could not be sent and are put off');
    } finally {
      this.#underWay -= casts.length;
    }
  }

  async #delete(): Promise<void> {
    for (let failures = 0; this.#sent.length > 0; ) {
      await pause(failures === 0 ? COLLECT_MS : backoffMs(AFTER_ERROR, failures));
      const ids = this.#sent.slice(0, ROWS_PER_DELETE);
      try {
        await outbox.remove(this.options.dataSource, ids);
        this.#sent.splice(0, ids.length);
        failures = 0;
      } catch (error) {
        failures++;
        this.options.log.warn({ reason: reasonOf(error), failures }, 'Rows of casts that were sent could not be deleted');
        if (failures === GIVE_UP) this.#sent = [];
      }
    }
  }
}
