import type { CellRegistry, CellRelays } from '@kilonova/cells';
import type { Job } from './sweeper.js';

/** A relay for each cell that there is now: what a conductor that ended left in a cell's outbox is sent too. */
export class KeepRelays implements Job {
  readonly name = 'keep relays';
  readonly exclusive = false;

  constructor(
    private readonly cells: CellRegistry,
    private readonly relays: CellRelays,
    readonly intervalMs: number,
  ) {}

  async run(): Promise<number> {
    await this.relays.keep(await this.cells.list());
    return 0;
  }
}
