import type { Cell } from '@kilonova/cell-db';
import { type BusLog, type OutboxDataSource, OutboxRelay } from '@kilonova/messaging';

/** Longest time of one batch: read, publish, confirm, delete; milliseconds. */
const BATCH_MS = 60_000;

/** The cell's outbox through the cell's breaker: while the cell is down, nobody waits for it. */
const outboxOf = (cell: Cell): OutboxDataSource => ({
  query: (text, parameters) => cell.run((sql) => sql.query(text, parameters)),
  transaction: (work) => cell.run((sql) => sql.transaction(work), BATCH_MS),
});

/** One relay a cell, from the cell's outbox to its broker; started when first woken. */
export class CellRelays {
  readonly #relays = new Map<Cell, OutboxRelay>();

  constructor(
    private readonly pollMs: number,
    private readonly log?: BusLog,
  ) {}

  /** To be called after a commit that enqueued something in the cell. */
  wake(cell: Cell): void {
    this.#of(cell).wake();
  }

  /** Relays for exactly these cells: new ones start, those of cells that are gone stop. */
  async keep(cells: readonly Cell[]): Promise<void> {
    const wanted = new Set(cells.filter((cell) => !cell.isCell0));
    const stopping = [...this.#relays].filter(([cell]) => !wanted.has(cell));
    for (const [cell] of stopping) this.#relays.delete(cell);
    for (const cell of wanted) this.#of(cell);
    await Promise.all(stopping.map(([, relay]) => relay.stop()));
  }

  async stop(): Promise<void> {
    const relays = [...this.#relays.values()];
    this.#relays.clear();
    await Promise.all(relays.map((relay) => relay.stop()));
  }

  #of(cell: Cell): OutboxRelay {
    const known = this.#relays.get(cell);
    if (known !== undefined) return known;
    const relay = new OutboxRelay({ dataSource: outboxOf(cell), bus: cell.bus, pollMs: this.pollMs, log: this.log });
    this.#relays.set(cell, relay);
    relay.start();
    return relay;
  }
}
