import { type BusLog, type OutboxDataSource, OutboxRelay } from '@kilonova/messaging';
import type { Cell } from './cell.js';

/** Longest time of one batch: read, publish, confirm, delete; milliseconds. */
const BATCH_MS = 60_000;

/** The cell's outbox through the cell's breaker: while the cell is down, nobody waits for it. */
const outboxOf = (cell: Cell): OutboxDataSource => ({
  query: (text, parameters) => cell.run((sql) => sql.query(text, parameters)),
  transaction: (work) => cell.run((sql) => sql.transaction(work), BATCH_MS),
});

/**
 * One relay a cell, from the cell's outbox to its broker; started when first woken. The cell's own conductor relays too:
 * these are for speed, and for what a process has written while that conductor is away.
 */
export class CellRelays {
  readonly #relays = new Map<Cell, OutboxRelay>();

  constructor(
    private readonly pollMs: number,
    private readonly log?: BusLog,
  ) {}

  /** To be called after a commit that enqueued something in the cell. Never fails. */
  wake(cell: Cell): void {
    this.#of(cell).wake();
  }

  /** For how long the cell's broker has been found away, milliseconds; 0: it was there at the last look. */
  awayMs(cell: Cell): number {
    return this.#of(cell).awayMs();
  }

  /** Relays for exactly these cells: new ones start, those of cells that are gone stop. */
  async keep(cells: readonly Cell[]): Promise<void> {
    const wanted = new Set(cells.filter((cell) => !cell.isCell0));
    for (const cell of wanted) this.#of(cell);
    await this.#drop((cell) => !wanted.has(cell));
  }

  /** Each ends after the batch that is under way. */
  async stop(): Promise<void> {
    await this.#drop(() => true);
  }

  #of(cell: Cell): OutboxRelay {
    const known = this.#relays.get(cell);
    if (known !== undefined) return known;
    // The registry makes a new handle of a cell whose mapping has changed; the old one is used no more.
    void this.#drop((other) => other.uuid === cell.uuid);
    const relay = new OutboxRelay({ dataSource: outboxOf(cell), bus: cell.bus, pollMs: this.pollMs, log: this.log });
    this.#relays.set(cell, relay);
    relay.start();
    return relay;
  }

  async #drop(which: (cell: Cell) => boolean): Promise<void> {
    const dropped = [...this.#relays].filter(([cell]) => which(cell));
    for (const [cell] of dropped) this.#relays.delete(cell);
    await Promise.all(dropped.map(([, relay]) => relay.stop()));
  }
}
