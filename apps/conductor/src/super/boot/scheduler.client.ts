import { messages, type RequestSpec, type SelectDestinations, type SelectDestinationsResult } from '@kilonova/compute-objects';
import { Config } from '@kilonova/config';
import { MessageBus } from '@kilonova/messaging';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { conductorSection } from '../../config.js';
import { SchedulingRecorder } from './scheduling-recorder.service.js';

const SCHEDULER = { topic: 'scheduler' } as const;

/** The scheduler, over the API level's bus. */
@Injectable()
export class SchedulerClient {
  readonly #timeoutMs: number;

  constructor(
    private readonly bus: MessageBus,
    private readonly recorder: SchedulingRecorder,
    config: Config,
  ) {
    this.#timeoutMs = config.get(conductorSection).schedulerTimeoutSeconds * 1000;
  }

  /**
   * Hosts for all instances, claimed, or none. Asked again for the same builds it adopts what it claimed before, but for
   * claims in ignored cells, which it gives back.
   * @throws AppError `dependency` or `deadline` when no scheduler answers.
   */
  async select(
    ctx: Ctx,
    spec: RequestSpec,
    instanceUuids: readonly string[],
    ignoredCells: readonly string[],
    claimMode: SelectDestinations['claim_mode'] = 'build',
  ): Promise<SelectDestinationsResult> {
    const ignoring = ignoredCells.length === 0 ? {} : { ignore_cells: ignoredCells };
    const args = {
      request_spec: spec,
      instance_uuids: instanceUuids,
      return_alternates: true,
      claim_mode: claimMode,
      ...ignoring,
    };
    const result = await this.bus.call(ctx, messages.selectDestinations, SCHEDULER, args, { timeoutMs: this.#timeoutMs });
    this.recorder.note({
      requestId: ctx.requestId,
      instances: instanceUuids,
      outcome: result.outcome,
      reason: result.outcome === 'selected' ? '' : result.reason,
      verdicts: result.verdicts ?? [],
      ...(result.trace && { trace: result.trace }),
    });
    return result;
  }

  /** What `select` would answer; nothing is claimed or kept. @throws AppError as `select` */
  attempt(ctx: Ctx, spec: RequestSpec, instanceUuids: readonly string[]): Promise<SelectDestinationsResult> {
    const args = { request_spec: spec, instance_uuids: instanceUuids };
    return this.bus.call(ctx, messages.tryDestinations, SCHEDULER, args, { timeoutMs: this.#timeoutMs });
  }
}
