import {
  GuestDeviceRepository,
  InstanceRepository,
  MigrationRepository,
  OperationRepository,
  type OperationRow,
  PlacingRepository,
  type WoundUp,
} from '@kilonova/cell-db';
import {
  type ClaimChange,
  type OperationRule,
  operationRule,
  type PlacedArguments,
  type StepRule,
  type StepTicket,
  stepRule,
  undoOf,
} from '@kilonova/compute-objects';
import { PlacementClient } from '@kilonova/placement-client';
import { type Sql, transaction } from '@kilonova/sql';
import type { Ctx } from '@kilonova/util';
import { Injectable, Optional } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { exhaustedMoveFault, type FailedMove, windUpOf } from '../../model/move-faults.js';
import { AdmitMoves } from './admit-moves.service.js';
import { changeClaims } from './change-claims.js';
import { claimAlternate } from './claim-alternate.js';
import { lockInstance } from './lock-instance.js';
import { AfterBuild } from './reschedule-build.service.js';

/** What it touches beside placement. */
@Injectable()
export class WindUpStores {
  constructor(
    readonly operations: OperationRepository,
    readonly placings: PlacingRepository,
    readonly migrations: MigrationRepository,
    readonly devices: GuestDeviceRepository,
    readonly instances: InstanceRepository,
  ) {}
}

type Outcome = 'stale' | 'redirected' | { readonly move: FailedMove; readonly end: WoundUp };

/**
 * A step of an operation failed that claims depend on, or no host was found for it: the next alternate is claimed and
 * told, or claims go back to what they were and the server, its migration and the record are ended by the step's row. The
 * operation's row is the truth, the message only says that it is time to look at it; nobody above the cell is asked. Runs
 * under a lock on the instance; an interrupted run is repeated whole.
 */
@Injectable()
export class WindUp {
  constructor(
    private readonly sql: DataSource,
    private readonly stores: WindUpStores,
    private readonly placement: PlacementClient,
    private readonly after: AfterBuild,
    private readonly moves: AdmitMoves,
    @Optional() private readonly now: () => Date = () => new Date(),
  ) {}

  /** @throws AppError `dependency` when placement does not answer: the message is delivered again */
  async run(ctx: Ctx, ticket: StepTicket): Promise<void> {
    const outcome = await transaction(this.sql, (sql) => this.#locked(ctx, sql, ticket));
    if (outcome === 'stale') return;
    this.after.relay.wake();
    if (outcome === 'redirected') return;
    await this.moves.run();
    const { move, end } = outcome;
    await this.after.notifier.changed(ctx, end.instance, end.old_vm_state, end.old_task_state);
    const task = operationRule(move.name).placed?.task;
    if (task !== undefined && move.arguments.selection === null && move.arguments.request_spec !== null)
      await this.after.notifier.unplaced(ctx, end.instance, task, move.arguments.request_spec, move.fault);
  }

  async #locked(ctx: Ctx, sql: Sql, ticket: StepTicket): Promise<Outcome> {
    await lockInstance(sql, ticket.instance_uuid);
    const move = failedMove(await this.stores.operations.find(sql, ticket.instance_uuid), ticket);
    if (move === undefined) return 'stale';
    const [operation, step] = [operationRule(move.name), stepRule(move.step)];
    const mayGoOn = step.onFailure === 'next-alternate' && move.arguments.selection !== null;
    if (mayGoOn && (await this.#toNextHost(ctx, sql, move, operation))) return 'redirected';
    return this.#end(ctx, sql, move, operation, step);
  }

  /** The first alternate that placement gives us. What the failed attempt had claimed is given back before. */
  async #toNextHost(ctx: Ctx, sql: Sql, move: FailedMove, { placed }: OperationRule): Promise<boolean> {
    const mode = placed?.claim ?? 'build';
    const { alternates, request_spec } = move.arguments;
    if (mode === 'check' || mode === 'grow' || alternates.length === 0 || request_spec === null) return false;
    await this.#change(ctx, sql, undoOf(operationRule(move.name), stepRule(move.step)), move);
    const owner = { consumer: move.instanceUuid, projectId: request_spec.project_id, userId: request_spec.user_id };
    for (const [index, selection] of alternates.entries()) {
      if (mode === 'move' && move.claims.migrationUuid !== null)
        await this.placement.moveTo(ctx, move.instanceUuid, move.claims.migrationUuid);
      if (!(await claimAlternate(ctx, this.placement, owner, selection, mode))) continue;
      const next = { ...move.arguments, selection, alternates: alternates.slice(index + 1) };
      return this.stores.placings.place(sql, move.row, next);
    }
    return false;
  }

  async #change(ctx: Ctx, sql: Sql, change: ClaimChange, { claims }: FailedMove): Promise<void> {
    await this.stores.devices.release(sql, change, claims.instanceUuid, claims.migrationUuid);
    const server = () => this.stores.instances.find(sql, claims.instanceUuid);
    await changeClaims(ctx, this.placement, change, { ...claims, server });
  }

  async #end(ctx: Ctx, sql: Sql, move: FailedMove, operation: OperationRule, step: StepRule): Promise<Outcome> {
    const undo = undoOf(operation, step);
    await this.#change(ctx, sql, undo, move);
    const hasBegun = operation.placed === undefined || move.arguments.selection !== null;
    const fault = exhaustedMoveFault(move, step, this.now());
    const end = await this.stores.placings.end(sql, move.row.uuid, move.row.attempt, windUpOf(step, undo, fault, hasBegun));
    return end === undefined ? 'stale' : { move, end };
  }
}

/** The operation as one whose step failed and that waits to be wound up; undefined when it is not that. */
function failedMove(row: OperationRow | undefined, ticket: StepTicket): FailedMove | undefined {
  if (row?.uuid !== ticket.operation_uuid || row.attempt !== ticket.attempt) return undefined;
  if (row.state !== 'failed' || row.fault === null) return undefined;
  const { instance_uuid: instanceUuid, migration_uuid: migrationUuid, name, step, fault } = row;
  const given = row.arguments as Partial<PlacedArguments>;
  const { selection = null, alternates = [], request_spec = null } = given;
  const claims = { instanceUuid, migrationUuid, selection };
  return {
    row,
    instanceUuid,
    name,
    step,
    fault,
    claims,
    arguments: { flavor: null, requested_host: null, ...given, selection, alternates, request_spec },
  };
}
