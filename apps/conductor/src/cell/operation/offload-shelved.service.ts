import { InstanceRepository, OperationRepository } from '@kilonova/cell-db';
import type { Instance } from '@kilonova/compute-objects';
import { OutboxRelay } from '@kilonova/messaging';
import type { Sql } from '@kilonova/sql';
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

  /** Whether shelved servers leave with the end of their shelve. */
  get isAtOnce(): boolean {
    return this.times.offloadSeconds === 0;
  }

  /** In the transaction that ends the shelve. Safe to repeat. @returns the server as it is then */
  async atOnce(sql: Sql, ctx: Ctx, instance: Instance): Promise<Instance> {
    return (await this.#begin(sql, ctx, 'offloadShelved', instance)) ?? instance;
  }

  /** Those that have been shelved for long enough. Returns how many. */
  async due(limit: number): Promise<number> {
    if (this.times.offloadSeconds < 0) return 0;
    const due = await this.instances.shelvedFor(this.sql, this.times.offloadSeconds, limit);
    for (const instance of due) await this.#begin(this.sql, systemCtx('conductor'), 'shelveOffload', instance);
    if (due.length > 0) this.relay.wake();
    return due.length;
  }

  /** A server that has become something else meanwhile is left alone. */
  async #begin(
    sql: Sql,
    ctx: Ctx,
    action: 'offloadShelved' | 'shelveOffload',
    instance: Instance,
  ): Promise<Instance | undefined> {
    const { host, vm_state, task_state } = instance;
    if (host === null || vm_state !== 'shelved' || task_state !== null) return undefined;
    const accepted = await this.operations.accept(sql, ctx, action, { ...instance, host }, {});
    return accepted.outcome === 'accepted' ? accepted.instance : undefined;
  }
}
