import { type CapacityCount, messages, type RequestSpec } from '@kilonova/compute-objects';
import type { MessageBus } from '@kilonova/messaging';
import type { Ctx } from '@kilonova/util';
import { inTime } from '../common/in-time.js';

const SILENCE = { code: 'compute.scheduler.silent', message: 'The scheduler does not answer; try again later.' };

/** Who knows how many more servers fit: the scheduler. */
export abstract class CapacityCounter {
  /** @throws AppError `dependency` when no scheduler answers in time. */
  abstract count(ctx: Ctx, spec: RequestSpec): Promise<CapacityCount>;
}

/** The scheduler, over the API level's bus. */
export class SchedulerCapacity extends CapacityCounter {
  constructor(
    private readonly bus: MessageBus,
    private readonly timeoutMs: number,
  ) {
    super();
  }

  count(ctx: Ctx, spec: RequestSpec): Promise<CapacityCount> {
    const options = { timeoutMs: this.timeoutMs };
    return inTime(this.bus.call(ctx, messages.countCapacity, { topic: 'scheduler' }, { request_spec: spec }, options), SILENCE);
  }
}
