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
   * Hosts for all instances, claimed, or none. Asked again for the same instances it adopts what it claimed before, but
   * for claims in ignored cells, which it gives back.
   * @throws AppError `dependency` or `deadline` when no scheduler answers.
   */
  select(
    ctx: Ctx,
    spec: RequestSpec,
    instanceUuids: readonly string[],
    ignoredCells: readonly string[],
  ): Promise<SelectDestinationsResult> {
    const ignoring = ignoredCells.length === 0 ? {} : { ignore_cells: ignoredCells };
    const args = { request_spec: spec, instance_uuids: instanceUuids, return_alternates: true, ...ignoring };
    return this.bus.call(ctx, messages.selectDestinations, SCHEDULER, args, { timeoutMs: this.timeoutMs });
  }
}
