import { SoftDeleteRepository } from '@kilonova/cell-db';
import { CellRelays } from '@kilonova/cells';
import type { TaskState } from '@kilonova/compute-objects';
import { InstanceNotifier } from '@kilonova/notifications';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { AcceptAction } from '../../core/accept-action.service.js';
import { isUp } from '../../core/model/host-state.js';
import type { ServerInCell } from '../../core/server-locator.service.js';
import type { DeleteOutcome } from './server-departure.service.js';

/** Between two hosts, or on its way off them. */
const isMoving = (task: TaskState | null): boolean =>
  task !== null && /^(resize_|migrating|rebuild|shelving|unshelving)/.test(task);

/**
 * Deletes servers with delay: the guest loses its power, and until its time is over the server can be restored. Its cell
 * tells when it counts against no quota any more.
 */
@Injectable()
export class SoftDeleteServer {
  constructor(
    private readonly acceptAction: AcceptAction,
    private readonly softDeletes: SoftDeleteRepository,
    private readonly relays: CellRelays,
    private readonly notifier: InstanceNotifier,
  ) {}

  /** What never ran, or is on no host, has nothing to restore; what moves ends with its move; what is being deleted stays so. */
  takes({ instance }: ServerInCell): boolean {
    const { host, launched_at, task_state, vm_state } = instance;
    return host !== null && launched_at !== null && task_state !== 'deleting' && vm_state !== 'resized' && !isMoving(task_state);
  }

  async run(ctx: Ctx, found: ServerInCell): Promise<DeleteOutcome> {
    if (found.instance.task_state === 'soft-deleting') return 'done';
    if (isUp(found.host)) return (await this.acceptAction.accept(ctx, found, 'softDelete', {})) ? 'done' : 'changed';
    return this.#here(ctx, found);
  }

  /** Without its host: the guest is dealt with when its time is over. */
  async #here(ctx: Ctx, { cell, instance }: ServerInCell): Promise<DeleteOutcome> {
    const marked = await cell.run((sql) => this.softDeletes.mark(sql, ctx, instance.uuid, instance.host ?? ''));
    if (marked === undefined) return 'changed';
    this.relays.wake(cell);
    await this.notifier.action(ctx, instance, 'soft_delete', 'start');
    await this.notifier.action(ctx, marked, 'soft_delete', 'end');
    return 'done';
  }
}
