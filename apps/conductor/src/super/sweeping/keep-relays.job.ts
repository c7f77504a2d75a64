import { CellRegistry, CellRelays } from '@kilonova/cells';
import { Injectable } from '@nestjs/common';
import type { Job } from '../../sweeping/sweeper.js';
import { SweepTimes } from './sweep-times.js';

/** A relay for each cell that there is now: what a conductor that ended left in a cell's outbox is sent too. */
@Injectable()
export class KeepRelays implements Job {
  readonly name = 'keep relays';
  readonly exclusive = false;

  constructor(
    private readonly cells: CellRegistry,
    private readonly relays: CellRelays,
    private readonly times: SweepTimes,
  ) {}

  get intervalMs(): number {
    return this.times.intervalMs;
  }

  async run(): Promise<number> {
    await this.relays.keep(await this.cells.list());
    return 0;
  }
}
