import { ApiDatabase } from '@kilonova/api-db';
import { type Cell, CellRegistry } from '@kilonova/cells';
import { systemCtx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import type { Job } from '../../sweeping/sweeper.js';
import { BootStores, DispatchBuilds } from '../boot/dispatch-builds.service.js';
import { SweepTimes } from './sweep-times.js';

/** Instances a run and cell, at most. */
const LIMIT = 200;

/**
 * Instances that were stored in a cell and never handed over, because a conductor ended in between:
 * mapped here → handed over; with a build request → left to the boot, which is repeated; neither → taken back.
 */
@Injectable()
export class SettleStragglers implements Job {
  readonly name = 'settle stragglers';
  readonly exclusive = true;

  constructor(
    private readonly api: ApiDatabase,
    private readonly cells: CellRegistry,
    private readonly stores: BootStores,
    private readonly dispatch: DispatchBuilds,
    private readonly times: SweepTimes,
  ) {}

  get intervalMs(): number {
    return this.times.intervalMs;
  }

  async run(): Promise<number> {
    const cells = (await this.cells.list()).filter((cell) => !cell.isCell0);
    const found = await this.cells.scatter((sql) => this.stores.builds.unsent(sql, this.times.overdueSeconds, LIMIT), {
      cells,
    });
    let count = 0;
    for (const answer of found) if (answer.outcome === 'value') count += await this.#settle(answer.cell, answer.value);
    return count;
  }

  async #settle(cell: Cell, uuids: readonly string[]): Promise<number> {
    if (uuids.length === 0) return 0;
    const ctx = systemCtx('conductor');
    const rows = await this.stores.boots.load(await this.api.sql(), uuids);
    const left = rows.filter((row) => row.instance === null);
    const here = left.filter((row) => row.cell_id === cell.id).map((row) => row.uuid);
    const elsewhere = left.filter((row) => row.cell_id !== cell.id);
    await this.dispatch.handOver(ctx, cell, here);
    await this.dispatch.withdraw(
      ctx,
      cell,
      elsewhere.map((row) => row.uuid),
      elsewhere.filter((row) => row.cell_id === null).map((row) => row.uuid),
    );
    return left.length;
  }
}
