import { BurialRepository } from '@kilonova/cell-db';
import { CellRegistry } from '@kilonova/cells';
import { Injectable } from '@nestjs/common';
import type { Job } from '../../sweeping/sweeper.js';
import { ReviveBoots } from '../boot/revive-boots.service.js';
import { SweepTimes } from './sweep-times.js';

/** Rebuilds a run, at most. */
const LIMIT = 100;

/** Rebuilds of servers in cell0 whose message was lost, or given up on: cell0 has no conductor that would look after them. */
@Injectable()
export class ReviveOverdue implements Job {
  readonly name = 'revive overdue boots of cell0';
  readonly exclusive = true;

  constructor(
    private readonly cells: CellRegistry,
    private readonly burials: BurialRepository,
    private readonly reviveBoots: ReviveBoots,
    private readonly times: SweepTimes,
  ) {}

  get intervalMs(): number {
    return this.times.intervalMs;
  }

  async run(): Promise<number> {
    const cell0 = await this.cells.cell0();
    const overdue = await cell0.run((sql) => this.burials.overdue(sql, this.times.overdueSeconds, LIMIT));
    for (const { operation_uuid } of overdue) await this.reviveBoots.run(operation_uuid);
    return overdue.length;
  }
}
