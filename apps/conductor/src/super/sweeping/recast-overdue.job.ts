import { randomUUID } from 'node:crypto';
import { ApiDatabase, BootRepository, type OverdueBoot } from '@kilonova/api-db';
import { messages } from '@kilonova/compute-objects';
import { type CastEnvelope, castEnvelope, enqueueCasts, OutboxRelay } from '@kilonova/messaging';
import { nextTraceparent } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import type { Job } from '../../sweeping/sweeper.js';
import { SweepTimes } from './sweep-times.js';

/** Boots a run, at most. */
const LIMIT = 500;

/** One cast for the boots of each request, as the API would have sent it. */
export function recasts(overdue: readonly OverdueBoot[]): CastEnvelope[] {
  const byRequest = Map.groupBy(overdue, (boot) => boot.request_id);
  return [...byRequest].map(([requestId, boots]) => {
    const ctx = { requestId, principal: principalOf(boots), traceparent: nextTraceparent() };
    const args = { instance_uuids: boots.map((boot) => boot.instance_uuid) };
    return castEnvelope(ctx, messages.scheduleAndBuildInstances, { topic: 'conductor' }, args, randomUUID());
  });
}

const principalOf = ([boot]: readonly OverdueBoot[]) => ({
  userId: boot?.user_id ?? '',
  projectId: boot?.project_id,
  roles: [],
  isAdmin: false,
});

/** Boots of which nothing has come are told to the conductor again: their message was lost, or given up on. */
@Injectable()
export class RecastOverdue implements Job {
  readonly name = 'recast overdue boots';
  readonly exclusive = true;

  constructor(
    private readonly api: ApiDatabase,
    private readonly boots: BootRepository,
    private readonly relay: OutboxRelay,
    private readonly times: SweepTimes,
  ) {}

  get intervalMs(): number {
    return this.times.intervalMs;
  }

  async run(): Promise<number> {
    const count = await this.api.transaction(async (sql) => {
      const overdue = await this.boots.takeOverdue(sql, this.times.overdueSeconds, LIMIT);
      await enqueueCasts(sql, recasts(overdue));
      return overdue.length;
    });
    this.relay.wake();
    return count;
  }
}
