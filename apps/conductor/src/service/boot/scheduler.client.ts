import { messages, type RequestSpec, type SelectDestinationsResult } from '@kilonova/compute-objects';
import type { MessageBus } from '@kilonova/messaging';
import type { Ctx } from '@kilonova/util';

const SCHEDULER = { topic: 'scheduler' } as const;

/** The scheduler, over the API level's bus. */
export class SchedulerClient {
  constructor(
    private readonly bus: MessageBus,
    private readonly timeoutMs: number,
  ) {}

  /**
   * Hosts for all instances, claimed, or none. Asked again for the same instances it adopts what it claimed before.
   * @throws AppError `dependency` or `deadline` when no scheduler answers.
   */
  select(ctx: Ctx, spec: RequestSpec, instanceUuids: readonly string[]): Promise<SelectDestinationsResult> {
    const args = { request_spec: spec, instance_uuids: instanceUuids, return_alternates: true };
    return this.bus.call(ctx, messages.selectDestinations, SCHEDULER, args, { timeoutMs: this.timeoutMs });
  }
}
