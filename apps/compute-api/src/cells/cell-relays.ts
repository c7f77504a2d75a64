import type { Cell } from '@kilonova/cell-db';
import { OutboxRelay } from '@kilonova/messaging';
import type { Logger } from '@kilonova/observability';

/** The cell's own conductor relays too; this one is for speed. Its polls need not be frequent. */
const POLL_MS = 30_000;

/** A relay for each cell that this process has put messages into, started when first needed. */
export class CellRelays {
  readonly #relays = new Map<Cell, OutboxRelay>();

  constructor(private readonly logger: Logger) {}

  /** To be called after the commit of a transaction that enqueued something in the cell. Never fails. */
  wake(cell: Cell): void {
    const known = this.#relays.get(cell);
    if (known !== undefined) known.wake();
    else
      void this.#start(cell).catch((error: unknown) =>
        this.logger.warn(
          { err: error, cell: cell.name },
          "the relay of a cell could not be started; the cell's conductor will send",
        ),
      );
  }

  async close(): Promise<void> {
    const relays = [...this.#relays.values()];
    this.#relays.clear();
    await Promise.all(relays.map((relay) => relay.stop()));
  }

  async #start(cell: Cell): Promise<void> {
    const relay = await cell.run((source) =>
      Promise.resolve(new OutboxRelay({ dataSource: source, bus: cell.bus, pollMs: POLL_MS, log: this.logger })),
    );
    const other = this.#relays.get(cell);
    if (other !== undefined) return other.wake();
    this.#relays.set(cell, relay);
    relay.start();
    relay.wake();
    await this.#dropReplaced(cell);
  }

  /** A handle that the registry has replaced is used no more. */
  async #dropReplaced(present: Cell): Promise<void> {
    const replaced = [...this.#relays].filter(([cell]) => cell !== present && cell.uuid === present.uuid);
    for (const [cell] of replaced) this.#relays.delete(cell);
    await Promise.all(replaced.map(([, relay]) => relay.stop()));
  }
}
