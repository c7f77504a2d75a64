import { ApiDatabase } from '@kilonova/api-db';
import { type Cell, CellRegistry, CellRelays } from '@kilonova/cells';
import { enqueueCasts, OutboxRelay } from '@kilonova/messaging';
import { Injectable } from '@nestjs/common';
import type { Job } from '../../sweeping/sweeper.js';
import { BootStores } from '../boot/dispatch-builds.service.js';
import { recasts } from '../boot/recasts.js';
import { SweepTimes } from './sweep-times.js';

/** Builds a run and cell, at most. */
const LIMIT = 200;

/** The outboxes that it looks at and writes to. */
@Injectable()
export class RecallRelays {
  constructor(
    readonly cells: CellRelays,
    readonly api: OutboxRelay,
  ) {}
}

/**
 * Builds whose messages wait for a broker that is away are scheduled anew, as long as another cell has its broker: the
 * message is taken back in the cell (the build is as if it had never been sent) → the build request is made again, the
 * mapping freed and the boot told to the conductor, in one transaction. Cut short after the first step, the sweep of
 * stragglers sends it in its old cell; after the second, the row left there is taken back when another cell has it.
 */
@Injectable()
export class RecallBuilds implements Job {
  readonly name = 'recall builds of cells without a broker';
  readonly exclusive = true;

  constructor(
    private readonly api: ApiDatabase,
    private readonly cells: CellRegistry,
    private readonly stores: BootStores,
    private readonly relays: RecallRelays,
    private readonly times: SweepTimes,
  ) {}

  get intervalMs(): number {
    return this.times.intervalMs;
  }

  async run(): Promise<number> {
    const cells = (await this.cells.list()).filter((cell) => !cell.isCell0);
    const away = cells.filter((cell) => this.relays.cells.awayMs(cell) > this.times.elsewhereSeconds * 1000);
    if (away.length === cells.length) return 0;
    let count = 0;
    for (const cell of away) if (!cell.isDown) count += await this.#recall(cell);
    if (count > 0) this.relays.api.wake();
    return count;
  }

  async #recall(cell: Cell): Promise<number> {
    const recalled = await cell.run((sql) => this.stores.builds.recall(sql, this.times.elsewhereSeconds, LIMIT));
    if (recalled.length === 0) return 0;
    const boots = recalled.map(({ instance, arguments: { admin_password, block_devices }, request_id }) => ({
      instance,
      admin_password,
      request_id,
      block_devices,
    }));
    return this.api.transaction(async (sql) => {
      const reopened = await this.stores.boots.reopen(sql, cell.id, boots);
      await enqueueCasts(sql, recasts(reopened));
      return reopened.length;
    });
  }
}
