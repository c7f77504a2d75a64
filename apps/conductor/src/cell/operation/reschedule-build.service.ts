import { BuildRepository, GuestDeviceRepository, OperationRepository, type OperationRow } from '@kilonova/cell-db';
import type { BuildArguments, Instance, InstanceFault, Selection, StepTicket } from '@kilonova/compute-objects';
import { OutboxRelay } from '@kilonova/messaging';
import { PlacementClient } from '@kilonova/placement-client';
import { type Sql, transaction } from '@kilonova/sql';
import type { Ctx } from '@kilonova/util';
import { Injectable, Optional } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BootNotifier } from '../../events/boot-notifier.js';
import { exhaustedFault, type FailedBuild } from '../../model/build-faults.js';
import { claimAlternate } from './claim-alternate.js';
import { lockInstance } from './lock-instance.js';

/** What became of it, once its transaction is committed. */
type Outcome =
  | { readonly type: 'stale' }
  | { readonly type: 'redirected'; readonly instance: Instance }
  | {
      readonly type: 'failed';
      readonly build: FailedBuild;
      readonly instance: Instance;
      readonly old_task_state: Instance['task_state'];
    };

/** What it touches beside placement. */
@Injectable()
export class RescheduleStores {
  constructor(
    readonly operations: OperationRepository,
    readonly builds: BuildRepository,
    readonly devices: GuestDeviceRepository,
  ) {}
}

/** Who hears of what was committed. */
@Injectable()
export class AfterBuild {
  constructor(
    readonly relay: OutboxRelay,
    readonly notifier: BootNotifier,
  ) {}
}

/**
 * A build failed on its host: the next alternate that can still be claimed gets it; with none left it ends in ERROR and
 * holds nothing. The operation's row is the truth, the message only says that it is time to look at it; nobody above the
 * cell is asked. Runs under a lock on the instance, so that two deliveries of one message do not release each other's
 * claims; an interrupted run is repeated whole.
 */
@Injectable()
export class RescheduleBuild {
  constructor(
    private readonly sql: DataSource,
    private readonly stores: RescheduleStores,
    private readonly placement: PlacementClient,
    private readonly after: AfterBuild,
    @Optional() private readonly now: () => Date = () => new Date(),
  ) {}

  async run(ctx: Ctx, ticket: StepTicket): Promise<void> {
    const outcome = await transaction(this.sql, (sql) => this.#locked(ctx, sql, ticket));
    switch (outcome.type) {
      case 'stale':
        return;
      case 'redirected':
        this.after.relay.wake();
        return this.after.notifier.dispatched(ctx, [outcome.instance]);
      case 'failed': {
        const { build, instance, old_task_state } = outcome;
        const fault = instance.fault ?? build.fault;
        return this.after.notifier.failed(ctx, instance, build.arguments.request_spec, fault, old_task_state);
      }
    }
  }

  async #locked(ctx: Ctx, sql: Sql, ticket: StepTicket): Promise<Outcome> {
    await lockInstance(sql, ticket.instance_uuid);
    const operation = await this.stores.operations.find(sql, ticket.instance_uuid);
    const build = failedBuild(operation, ticket);
    if (operation === undefined || build === undefined) return { type: 'stale' };
    await this.stores.devices.release(sql, 'released', ticket.instance_uuid, null);
    await this.placement.release(ctx, ticket.instance_uuid);
    const next = await this.#claimNext(ctx, ticket.instance_uuid, build.arguments);
    return next === undefined ? this.#fail(sql, ticket, build) : this.#redirect(ctx, sql, ticket, next);
  }

  /** The first alternate that placement gives us, with those behind it. */
  async #claimNext(ctx: Ctx, instanceUuid: string, failed: BuildArguments): Promise<BuildArguments | undefined> {
    const { project_id: projectId, user_id: userId } = failed.request_spec;
    const owner = { consumer: instanceUuid, projectId, userId };
    for (const [index, selection] of failed.alternates.entries()) {
      if (await claimAlternate(ctx, this.placement, owner, selection)) return moveOn(failed, selection, index);
    }
    return undefined;
  }

  async #redirect(ctx: Ctx, sql: Sql, ticket: StepTicket, next: BuildArguments): Promise<Outcome> {
    const instance = await this.stores.builds.redirect(sql, ticket.operation_uuid, ticket.attempt, next);
    if (instance !== undefined) return { type: 'redirected', instance };
    await this.placement.release(ctx, ticket.instance_uuid);
    return { type: 'stale' };
  }

  async #fail(sql: Sql, ticket: StepTicket, build: FailedBuild): Promise<Outcome> {
    const fault = exhaustedFault(build, this.now());
    const ended = await this.stores.builds.fail(sql, ticket.operation_uuid, ticket.attempt, fault);
    return ended === undefined ? { type: 'stale' } : { type: 'failed', build, ...ended };
  }
}

const moveOn = (failed: BuildArguments, selection: Selection, index: number): BuildArguments => ({
  ...failed,
  selection,
  alternates: failed.alternates.slice(index + 1),
});

/** The operation as a build whose attempt failed and that waits for its next host; undefined when it is not that. */
function failedBuild(operation: OperationRow | undefined, ticket: StepTicket): FailedBuild | undefined {
  if (operation?.uuid !== ticket.operation_uuid || operation.attempt !== ticket.attempt) return undefined;
  if (operation.name !== 'build' || operation.state !== 'failed' || operation.fault === null) return undefined;
  return {
    instanceUuid: operation.instance_uuid,
    host: operation.host,
    attempt: operation.attempt,
    fault: operation.fault satisfies InstanceFault,
    arguments: operation.arguments as BuildArguments,
  };
}
