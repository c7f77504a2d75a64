import type { BuildDispatchRepository, BuildRepository } from '@kilonova/cell-db';
import type { BuildAndRunInstance, BuildInstances, Instance, Selection } from '@kilonova/compute-objects';
import type { OutboxRelay } from '@kilonova/messaging';
import type { ClaimOwner, PlacementClient } from '@kilonova/placement-client';
import { rows, type Sql, transaction } from '@kilonova/sql';
import { AppError, type Ctx } from '@kilonova/util';
import { exhaustedFault } from '../../model/build-faults.js';
import type { BootNotifier } from '../boot/boot-notifier.js';

/** What became of a retry, once its transaction is committed. */
type Outcome =
  | { readonly type: 'stale' }
  | { readonly type: 'redirected'; readonly instance: Instance }
  | { readonly type: 'failed'; readonly instance: Instance; readonly oldTaskState: Instance['task_state'] };

/** What a retry touches beside placement. */
export interface RetryStores {
  readonly builds: BuildRepository;
  readonly dispatches: BuildDispatchRepository;
}

/**
 * A spawn failed: the next alternate that can still be claimed gets the build; with none left it ends in ERROR and holds
 * nothing. Nobody above the cell is asked. Runs under a lock on the instance, so that two deliveries of one message
 * do not release each other's claims; an interrupted run is repeated whole.
 */
export class RetryBuild {
  constructor(
    private readonly sql: Sql,
    private readonly stores: RetryStores,
    private readonly placement: PlacementClient,
    private readonly after: { readonly relay: Pick<OutboxRelay, 'wake'>; readonly notifier: BootNotifier },
    private readonly now: () => Date = () => new Date(),
  ) {}

  async run(ctx: Ctx, args: BuildInstances): Promise<void> {
    const outcome = await transaction(this.sql, (sql) => this.#locked(ctx, sql, args));
    switch (outcome.type) {
      case 'stale':
        return;
      case 'redirected':
        this.after.relay.wake();
        return this.after.notifier.dispatched(ctx, [outcome.instance]);
      case 'failed':
        return this.after.notifier.failed(
          ctx,
          outcome.instance,
          args.request_spec,
          outcome.instance.fault ?? args.reason,
          outcome.oldTaskState,
        );
    }
  }

  async #locked(ctx: Ctx, sql: Sql, args: BuildInstances): Promise<Outcome> {
    await lockInstance(sql, args.instance_uuid);
    const instance = await this.stores.builds.findAttempt(sql, args.instance_uuid, args.build_attempt);
    if (instance === undefined || (instance.host !== null && instance.host !== args.failed_host)) return { type: 'stale' };
    await this.placement.release(ctx, instance.uuid);
    const next = await this.#claimNext(ctx, instance, args.alternates);
    return next === undefined ? this.#fail(sql, args) : this.#redirect(ctx, sql, toNext(args, next));
  }

  /** The first alternate that placement gives us, with those behind it. */
  async #claimNext(ctx: Ctx, instance: Instance, alternates: readonly Selection[]): Promise<Next | undefined> {
    const owner = { consumer: instance.uuid, projectId: instance.project_id, userId: instance.user_id };
    for (const [index, selection] of alternates.entries()) {
      if (await this.#claim(ctx, owner, selection)) return { selection, alternates: alternates.slice(index + 1) };
    }
    return undefined;
  }

  /** False: the host cannot take it any more. @throws AppError `dependency` when that is not known. */
  async #claim(ctx: Ctx, owner: ClaimOwner, selection: Selection): Promise<boolean> {
    const result = await this.placement.claim(ctx, owner, selection.allocation_request, 'build');
    if (result.outcome === 'claimed') return true;
    if (result.outcome === 'no-capacity' || result.outcome === 'invalid') return false;
    throw new AppError({
      kind: 'dependency',
      code: 'conductor.claim.conflict',
      message: `The claim of instance ${owner.consumer} met another one: ${result.outcome}.`,
    });
  }

  async #redirect(ctx: Ctx, sql: Sql, args: BuildAndRunInstance): Promise<Outcome> {
    const instance = await this.stores.dispatches.redirect(sql, ctx, args.build_attempt - 1, args);
    if (instance !== undefined) return { type: 'redirected', instance };
    await this.placement.release(ctx, args.instance_uuid);
    return { type: 'stale' };
  }

  async #fail(sql: Sql, args: BuildInstances): Promise<Outcome> {
    const ended = await this.stores.builds.fail(sql, args.instance_uuid, args.build_attempt, exhaustedFault(args, this.now()));
    return ended === undefined ? { type: 'stale' } : { type: 'failed', ...ended };
  }
}

interface Next {
  readonly selection: Selection;
  readonly alternates: readonly Selection[];
}

const toNext = ({ failed_host: _host, reason: _reason, ...rest }: BuildInstances, next: Next): BuildAndRunInstance => ({
  ...rest,
  ...next,
  build_attempt: rest.build_attempt + 1,
});

/** One retry of an instance at a time; who comes second is delivered again later. */
async function lockInstance(sql: Sql, uuid: string): Promise<void> {
  const [lock] = await rows<{ locked: boolean }>(
    sql,
    `SELECT pg_try_advisory_xact_lock(hashtextextended('build:' || $1, 0)) AS locked`,
    [uuid],
  );
  if (lock?.locked !== true)
    throw new AppError({
      kind: 'dependency',
      code: 'conductor.build.busy',
      message: `Instance ${uuid} is being retried already.`,
    });
}
