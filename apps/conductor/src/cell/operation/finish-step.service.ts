import { StepRepository } from '@kilonova/cell-db';
import { type FinishStep as Args, type FinishStepResult, operationRule, stepPlace } from '@kilonova/compute-objects';
import { OutboxRelay } from '@kilonova/messaging';
import { PlacementClient } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/**
 * A step has ended: the server, its record and what follows by the operation table are stored together. What the server
 * held in placement is given back before its row goes, so that whatever interrupts it the row still leads back here.
 */
@Injectable()
export class FinishStep {
  constructor(
    private readonly sql: DataSource,
    private readonly steps: StepRepository,
    private readonly placement: PlacementClient,
    private readonly relay: OutboxRelay,
  ) {}

  /** @throws AppError `dependency` when placement does not answer: the step is not finished, and may be told again. */
  async run(ctx: Ctx, args: Args): Promise<FinishStepResult> {
    if (releases(args) && (await this.steps.isTaken(this.sql, args))) await this.placement.release(ctx, args.instance_uuid);
    const finished = await this.steps.finish(this.sql, args);
    if (stepPlace(args.step).next !== undefined || args.fault !== undefined) this.relay.wake();
    return finished;
  }
}

/** Whether the server's claim goes with this step. */
const releases = ({ step, fault }: Args): boolean => {
  const { operation, next } = stepPlace(step);
  return fault === undefined && next === undefined && operationRule(operation).claim === 'released';
};
