import { InstanceRepository, OperationRepository } from '@kilonova/cell-db';
import type { Instance } from '@kilonova/compute-objects';
import { OutboxRelay } from '@kilonova/messaging';
import { type Ctx, systemCtx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export abstract class OffloadTimes {
  /** How long a shelved server stays on its host, seconds; 0: it leaves at once, -1: only when that is asked for. */
  abstract readonly offloadSeconds: number;
}

/** Shelved servers leave their hosts by themselves: an operation of its own is begun, as if it had been asked for. */
@Injectable()
export class OffloadShelved {
  constructor(
    private readonly sql: DataSource,
    private readonly instances: InstanceRepository,
    private readonly operations: OperationRepository,
    private readonly relay: OutboxRelay,
    private readonly times: OffloadTimes,
  ) {}

  /** To be called when a shelve has ended; nothing happens where shelved servers stay for a while. Safe to repeat. */
  async atOnce(ctx: Ctx, instance: Instance): Promise<void> {
    if (this.times.offloadSeconds === 0) await this.#begin(ctx, 'offloadShelved', instance);
  }

  /** Those that have been shelved for long enough. Returns how many. */
  async due(limit: number): Promise<number> {
    if (this.times.offloadSeconds < 0) return 0;
    const due = await this.instances.shelvedFor(this.sql, this.times.offloadSeconds, limit);
    for (const instance of due) await this.#begin(systemCtx('conductor'), 'shelveOffload', instance);
    return due.length;
  }

  /** A server that has become something else meanwhile is left alone. */
  async #begin(ctx: Ctx, action: 'offloadShelved' | 'shelveOffload', instance: Instance): Promise<void> {
    const { host, vm_state, task_state } = instance;
    if (host === null || vm_state !== 'shelved' || task_state !== null) return;
    const { outcome } = await this.operations.accept(this.sql, ctx, action, { ...instance, host }, {});
    if (outcome === 'accepted') this.relay.wake();
  }
}
