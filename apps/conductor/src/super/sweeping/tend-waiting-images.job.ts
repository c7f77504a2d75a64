import { type Cell, CellRegistry } from '@kilonova/cells';
import { systemCtx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import type { Job } from '../../sweeping/sweeper.js';
import { ImageErrandStores, TendImages } from '../image/tend-images.service.js';
import { SweepTimes } from './sweep-times.js';

/** Servers a run and cell, at most. */
const LIMIT = 100;

/** What was noted about images and not done: the message was lost, or the image service away for too long. */
@Injectable()
export class TendWaitingImages implements Job {
  readonly name = 'tend waiting images';
  readonly exclusive = true;

  constructor(
    private readonly cells: CellRegistry,
    private readonly stores: ImageErrandStores,
    private readonly tendImages: TendImages,
    private readonly times: SweepTimes,
  ) {}

  get intervalMs(): number {
    return this.times.intervalMs;
  }

  async run(): Promise<number> {
    let count = 0;
    for (const cell of await this.cells.list()) if (!cell.isCell0 && !cell.isDown) count += await this.#inCell(cell);
    return count;
  }

  async #inCell(cell: Cell): Promise<number> {
    const waiting = await cell.run((sql) => this.stores.errands.waiting(sql, this.times.overdueSeconds, LIMIT));
    for (const uuid of waiting) await this.tendImages.run(systemCtx('conductor'), uuid);
    return waiting.length;
  }
}
