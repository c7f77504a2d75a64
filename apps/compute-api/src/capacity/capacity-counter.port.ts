import { type CapacityCount, messages, type RequestSpec } from '@kilonova/compute-objects';
import type { MessageBus } from '@kilonova/messaging';
import { AppError, type Ctx } from '@kilonova/util';

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

  async count(ctx: Ctx, spec: RequestSpec): Promise<CapacityCount> {
    try {
      const options = { timeoutMs: this.timeoutMs };
      return await this.bus.call(ctx, messages.countCapacity, { topic: 'scheduler' }, { request_spec: spec }, options);
    } catch (error) {
      const { kind } = AppError.from(error);
      throw kind === 'dependency' || kind === 'deadline' ? silent(error) : error;
    }
  }
}

const silent = (cause: unknown): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'compute.scheduler.silent',
    message: 'The scheduler does not answer; try again later.',
    cause,
  });
