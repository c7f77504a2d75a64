import { MigrationRepository, OperationRepository, type Unconfirmed } from '@kilonova/cell-db';
import { OutboxRelay } from '@kilonova/messaging';
import { systemCtx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Job } from '../../sweeping/sweeper.js';

/** Servers a run, at most. */
const LIMIT = 200;

export abstract class ConfirmTimes {
  abstract readonly intervalMs: number;
  /** How long a resize waits to be confirmed; 0: for ever. */
  abstract readonly windowSeconds: number;
  abstract readonly serviceDownSeconds: number;
}

/** Confirms resizes that nobody has confirmed in time. Sources that are down are left for when they are back. */
@Injectable()
export class ConfirmResizes implements Job {
  readonly name = 'confirm resizes';
  readonly exclusive = true;

  constructor(
    private readonly sql: DataSource,
    private readonly migrations: MigrationRepository,
    private readonly operations: OperationRepository,
    private readonly relay: OutboxRelay,
    private readonly times: ConfirmTimes,
  ) {}

  get intervalMs(): number {
    return this.times.intervalMs;
  }

  async run(): Promise<number> {
    const { windowSeconds, serviceDownSeconds } = this.times;
    if (windowSeconds === 0) return 0;
    const waiting = await this.migrations.unconfirmed(this.sql, windowSeconds, serviceDownSeconds, LIMIT);
    let count = 0;
    for (const server of waiting) if (await this.#confirm(server)) count += 1;
    if (count > 0) this.relay.wake();
    return count;
  }

  /** False: its user was quicker. */
  async #confirm(server: Unconfirmed): Promise<boolean> {
    const accepted = await this.operations.accept(this.sql, systemCtx('conductor'), 'confirmResize', server, {});
    return accepted.outcome === 'accepted';
  }
}
