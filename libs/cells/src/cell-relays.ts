import { type BusLog, type HandedCast, type MessageBus, type OutboxDataSource, OutboxRelay } from '@kilonova/messaging';
import { preparedExecutor, transaction } from '@kilonova/sql';
import type { MessageLevel } from '@kilonova/util';
import type { Cell } from './cell.js';

/** Longest time of one batch: read, publish, confirm, delete; milliseconds. */
const BATCH_MS = 60_000;

/** The cell's outbox through the cell's breaker: while the cell is down, nobody waits for it. */
const outboxOf = (cell: Cell): OutboxDataSource => ({
  query: (text, parameters) => cell.run((sql) => preparedExecutor(sql).query(text, parameters)),
  transaction: (work) => cell.run((source) => transaction(source, (sql) => work(preparedExecutor(sql))), BATCH_MS),
});

export interface CellRelayOptions {
  /** How often to look for rows that nobody called `wake` for, milliseconds. */
  readonly pollMs: number;
  readonly log?: BusLog;
  /** The API level's broker; without it rows of level `api` are left to a process that has it. */
  readonly apiBus?: MessageBus;
}

/** The two ways out of one cell's outbox. cell0, which has no broker, has no way to a cell. */
interface WaysOut {
  readonly toCell?: OutboxRelay;
  readonly toApi?: OutboxRelay;
}

const relaysOf = ({ toCell, toApi }: WaysOut): readonly OutboxRelay[] => [toCell, toApi].filter((relay) => relay !== undefined);

/**
 * Relays what is in the outboxes of cells: rows of level `cell` to the cell's broker, rows of level `api` to the API level's;
 * started when first woken. The cell's own conductor relays rows of level `cell` too: these are for speed, and for what a
 * process has written while that conductor is away. Rows of level `api` have no other way out, for no cell may call up.
 */
export class CellRelays {
  readonly #relays = new Map<Cell, WaysOut>();
  readonly #options: CellRelayOptions;

  constructor(options: CellRelayOptions) {
    this.#options = options;
  }

  /** To be called after a commit that enqueued something of this level in the cell. Never fails. */
  wake(cell: Cell, level: MessageLevel = 'cell'): void {
    const { toCell, toApi } = this.#of(cell);
    (level === 'cell' ? toCell : toApi)?.wake();
  }

  /** Sends casts of one level that were committed in the cell under a lease, at once. Never fails. */
  async send(cell: Cell, casts: readonly HandedCast[], level: MessageLevel = 'cell'): Promise<void> {
    const { toCell, toApi } = this.#of(cell);
    await (level === 'cell' ? toCell : toApi)?.send(casts);
  }

  /** For how long the cell's broker has been found away, milliseconds; 0: it was there at the last look. */
  awayMs(cell: Cell): number {
    return this.#of(cell).toCell?.awayMs() ?? 0;
  }

  /** Relays for exactly these cells: new ones start, those of cells that are gone stop. */
  async keep(cells: readonly Cell[]): Promise<void> {
    const wanted = new Set(cells);
    for (const cell of wanted) this.#of(cell);
    await this.#drop((cell) => !wanted.has(cell));
  }

  /** Each ends after the batch that is under way. */
  async stop(): Promise<void> {
    await this.#drop(() => true);
  }

  #of(cell: Cell): WaysOut {
    const known = this.#relays.get(cell);
    if (known !== undefined) return known;
    // The registry makes a new handle of a cell whose mapping has changed; the old one is used no more.
    void this.#drop((other) => other.uuid === cell.uuid);
    const ways = this.#waysOut(cell);
    this.#relays.set(cell, ways);
    for (const relay of relaysOf(ways)) relay.start();
    return ways;
  }

  #waysOut(cell: Cell): WaysOut {
    const { pollMs, log, apiBus } = this.#options;
    const shared = { dataSource: outboxOf(cell), pollMs, log };
    return {
      toCell: cell.isCell0 ? undefined : new OutboxRelay({ ...shared, bus: cell.bus, level: 'cell' }),
      toApi: apiBus === undefined ? undefined : new OutboxRelay({ ...shared, bus: apiBus, level: 'api' }),
    };
  }

  async #drop(which: (cell: Cell) => boolean): Promise<void> {
    const dropped = [...this.#relays].filter(([cell]) => which(cell));
    for (const [cell] of dropped) this.#relays.delete(cell);
    await Promise.all(dropped.flatMap(([, ways]) => relaysOf(ways).map((relay) => relay.stop())));
  }
}
