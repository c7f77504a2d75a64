import { OperationRepository, type Reclaimable, SoftDeleteRepository } from '@kilonova/cell-db';
import { OutboxRelay } from '@kilonova/messaging';
import { systemCtx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Job } from '../../sweeping/sweeper.js';

/** Instances a run, at most. */
const LIMIT = 200;

export abstract class ReclaimTimes {
  abstract readonly intervalMs: number;
  /** How long soft-deleted instances can be restored; 0: there are none to be looked for. */
  abstract readonly reclaimSeconds: number;
  abstract readonly serviceDownSeconds: number;
}

/** Deletes what was soft-deleted long enough ago. Hosts that are down are left for when they are back. */
@Injectable()
export class ReclaimInstances implements Job {
  readonly name = 'reclaim soft-deleted instances';
  readonly exclusive = true;

  constructor(
    private readonly sql: DataSource,
    private readonly softDeletes: SoftDeleteRepository,
    private readonly operations: OperationRepository,
    private readonly relay: OutboxRelay,
    private readonly times: ReclaimTimes,
  ) {}

  get intervalMs(): number {
    return this.times.intervalMs;
  }

  async run(): Promise<number> {
    const { reclaimSeconds, serviceDownSeconds } = this.times;
    if (reclaimSeconds === 0) return 0;
    const expired = await this.softDeletes.expired(this.sql, reclaimSeconds, serviceDownSeconds, LIMIT);
    let count = 0;
    for (const instance of expired) if (await this.#delete(instance)) count += 1;
    if (count > 0) this.relay.wake();
    return count;
  }

  /** False: it was restored, or deleted by somebody, meanwhile. */
  async #delete(instance: Reclaimable): Promise<boolean> {
    const accepted = await this.operations.accept(this.sql, systemCtx('conductor'), 'delete', instance, {});
    return accepted.outcome === 'accepted';
  }
}
