import type { BuildRepository } from '@kilonova/cell-db';
import { type PlacementClient, releaseAll } from '@kilonova/placement-client';
import type { Sql } from '@kilonova/sql';
import { systemCtx } from '@kilonova/util';
import { timeoutFault } from '../model/build-faults.js';
import type { BootNotifier } from '../service/boot/boot-notifier.js';
import type { Job } from './sweeper.js';

/** Builds a run, at most. */
const LIMIT = 200;

/** Builds in which nothing moves any more end in ERROR. What no host has taken on holds nothing afterwards. */
export class TimeOutBuilds implements Job {
  readonly name = 'time out builds';
  readonly exclusive = true;

  constructor(
    private readonly sql: Sql,
    private readonly builds: BuildRepository,
    private readonly placement: PlacementClient,
    private readonly notifier: BootNotifier,
    private readonly times: { readonly intervalMs: number; readonly timeoutSeconds: number },
  ) {}

  get intervalMs(): number {
    return this.times.intervalMs;
  }

  async run(): Promise<number> {
    const ctx = systemCtx('conductor');
    const { timeoutSeconds } = this.times;
    const ended = await this.builds.timeOut(this.sql, timeoutSeconds, timeoutFault(timeoutSeconds, new Date()), LIMIT);
    for (const { instance, oldTaskState } of ended) await this.notifier.timedOut(ctx, instance, oldTaskState);
    await releaseAll(
      this.placement,
      ctx,
      ended.filter(({ instance }) => instance.host === null).map(({ instance }) => instance.uuid),
    );
    return ended.length;
  }
}
