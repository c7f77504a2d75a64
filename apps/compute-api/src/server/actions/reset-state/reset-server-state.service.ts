import { InstanceActionRepository, InstanceRepository, OperationRepository } from '@kilonova/cell-db';
import { InstanceNotifier } from '@kilonova/notifications';
import { transaction } from '@kilonova/sql';
import { type Ctx, conflict } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { newAction } from '../../core/new-action.js';
import { type Caller, ServerLocator, serverNotFound } from '../../core/server-locator.service.js';

/** An administrator's word on what state a server is in: what is under way is given up, and nothing is done to the guest. */
@Injectable()
export class ResetServerState {
  constructor(
    private readonly locator: ServerLocator,
    private readonly notifier: InstanceNotifier,
    private readonly actions: InstanceActionRepository,
    private readonly instances: InstanceRepository,
    private readonly operations: OperationRepository,
  ) {}

  /** @throws AppError 404, 409 for a server that no cell has yet */
  async run(ctx: Ctx, caller: Caller, id: string, state: 'active' | 'error'): Promise<void> {
    const found = await this.locator.reach(caller, id);
    if (found.where === 'request') throw conflict('compute.server.not_ready', `Instance ${id} is not ready`);
    const { uuid } = found.instance;
    const changed = await found.cell.run((source) =>
      transaction(source, async (sql) => {
        await this.actions.record(sql, newAction(ctx, 'resetState', uuid));
        await this.operations.drop(sql, uuid);
        return this.instances.update(sql, uuid, { vm_state: state, task_state: null });
      }),
    );
    if (changed.outcome === 'stale') throw serverNotFound(id);
    const { instance, old_vm_state: oldVmState, old_task_state: oldTaskState } = changed;
    await this.notifier.update(ctx, instance, { oldVmState, oldTaskState });
  }
}
