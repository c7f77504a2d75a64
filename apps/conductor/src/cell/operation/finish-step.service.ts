import { StepRepository } from '@kilonova/cell-db';
import {
  type FinishStep as Args,
  type ClaimChange,
  type FinishStepResult,
  operationRule,
  type PlacedArguments,
  stepPlace,
} from '@kilonova/compute-objects';
import { OutboxRelay } from '@kilonova/messaging';
import { PlacementClient, releaseAll } from '@kilonova/placement-client';
import { transaction } from '@kilonova/sql';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AdmitMoves } from './admit-moves.service.js';
import { changeClaims } from './change-claims.js';
import { OffloadShelved } from './offload-shelved.service.js';
import { WindUpStores } from './wind-up.service.js';

/**
 * A step has ended: the server, its record and what follows by the operation table are stored together. What becomes of
 * claims with the end is done before the operation's row goes, so that whatever interrupts it the row still leads back here.
 */
@Injectable()
export class FinishStep {
  constructor(
    private readonly sql: DataSource,
    private readonly steps: StepRepository,
    private readonly stores: WindUpStores,
    private readonly placement: PlacementClient,
    private readonly offload: OffloadShelved,
    private readonly relay: OutboxRelay,
    private readonly moves: AdmitMoves,
  ) {}

  /** @throws AppError `dependency` when placement does not answer: the step is not finished, and may be told again. */
  async run(ctx: Ctx, args: Args): Promise<FinishStepResult> {
    const change = changeWith(args);
    if (change !== 'kept' && (await this.steps.freeDevices(this.sql, args, change)))
      await this.#change(ctx, change, args.instance_uuid);
    const leaves = args.step === 'shelve_instance' && this.offload.isAtOnce;
    const finished = await (leaves ? this.#offloaded(ctx, args) : this.steps.finish(this.sql, args));
    if (leaves || stepPlace(args.step).next !== undefined || args.fault !== undefined) this.relay.wake();
    if (takesTurns(args)) await this.moves.run();
    return finished;
  }

  /** A shelved server that leaves its host at once is never at rest in between. */
  #offloaded(ctx: Ctx, args: Args): Promise<FinishStepResult> {
    return transaction(this.sql, async (sql) => {
      const finished = await this.steps.finish(sql, args);
      if (finished.outcome !== 'finished' || finished.fault !== null) return finished;
      return { ...finished, instance: await this.offload.atOnce(sql, ctx, finished.instance) };
    });
  }

  /** A server that goes leaves nothing behind: its unfinished moves hold nothing either. */
  async #change(ctx: Ctx, change: ClaimChange, instanceUuid: string): Promise<void> {
    const operation = await this.stores.operations.find(this.sql, instanceUuid);
    const { selection = null } = (operation?.arguments ?? {}) as Partial<PlacedArguments>;
    await changeClaims(ctx, this.placement, change, {
      instanceUuid,
      migrationUuid: operation?.migration_uuid ?? null,
      selection,
      server: () => this.stores.instances.find(this.sql, instanceUuid),
    });
    if (change === 'released')
      await releaseAll(this.placement, ctx, await this.stores.migrations.mayHold(this.sql, instanceUuid));
  }
}

/** Whether the end of this step puts a move into a queue, or may be what one waits for there. */
function takesTurns({ step, fault }: Args): boolean {
  const { operation, next } = stepPlace(step);
  if (next !== undefined && fault === undefined) return next.turn !== undefined;
  const { steps, ends } = operationRule(operation);
  return ends.rolledBack === true || steps.some(({ turn }) => turn !== undefined);
}

/** What becomes of claims with the end of this step. */
function changeWith({ step, fault }: Args): ClaimChange {
  const { operation, next } = stepPlace(step);
  const { claim } = operationRule(operation);
  return fault !== undefined || next !== undefined || claim === 'build' ? 'kept' : claim;
}
