import { OperationRepository, PowerRepository } from '@kilonova/cell-db';
import { type Instance, powerDeed, type SyncPowerStates, type SyncPowerStatesResult } from '@kilonova/compute-objects';
import { OutboxRelay } from '@kilonova/messaging';
import { type Sql, transaction } from '@kilonova/sql';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BootNotifier } from '../../events/boot-notifier.js';

/** An idle server that is being stopped, as it was before. */
interface Stopped {
  readonly before: Instance;
  readonly instance: Instance;
}

/**
 * Guests whose power is not what their servers' rows say: the power is stored, and a server that should run or pause and
 * does not, or should not run and does, is stopped by the operation that a client's request would start.
 */
@Injectable()
export class SyncPower {
  constructor(
    private readonly sql: DataSource,
    private readonly power: PowerRepository,
    private readonly operations: OperationRepository,
    private readonly relay: OutboxRelay,
    private readonly notifier: BootNotifier,
  ) {}

  async run(ctx: Ctx, { host, guests }: SyncPowerStates): Promise<SyncPowerStatesResult> {
    const stopped = await transaction(this.sql, async (sql) => {
      const observed = await this.power.observe(sql, host, guests);
      const done: Stopped[] = [];
      for (const before of observed) if (isToStop(before)) done.push(...(await this.#stop(ctx, sql, before, host)));
      return done;
    });
    if (stopped.length === 0) return { stopped: 0 };
    this.relay.wake();
    await Promise.all(
      stopped.map(({ before, instance }) => this.notifier.changed(ctx, instance, before.vm_state, before.task_state)),
    );
    return { stopped: stopped.length };
  }

  async #stop(ctx: Ctx, sql: Sql, before: Instance, host: string): Promise<Stopped[]> {
    const accepted = await this.operations.accept(sql, ctx, 'stop', { ...before, host }, { clean_shutdown: true });
    return accepted.outcome === 'accepted' ? [{ before, instance: accepted.instance }] : [];
  }
}

const isToStop = ({ vm_state, power_state }: Instance): boolean => powerDeed(vm_state, power_state) === 'stop';
