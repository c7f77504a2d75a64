import { InstanceActionRepository, InstanceRepository, OperationRepository } from '@kilonova/cell-db';
import type { InstanceNotifier } from '@kilonova/notifications';
import { transaction } from '@kilonova/sql';
import { type Ctx, conflict } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { API_NOTIFIER } from '../../../common/tokens.js';
import { newAction } from '../../core/new-action.js';
import { type Caller, ServerLocator, serverNotFound } from '../../core/server-locator.service.js';

/** An administrator's word on what state a server is in: what is under way is given up, and nothing is done to the guest. */
@Injectable()
export class ResetServerState {
  readonly #actions = new InstanceActionRepository();
  readonly #instances = new InstanceRepository();
  readonly #operations = new OperationRepository();

  constructor(
    @Inject(ServerLocator) private readonly locator: ServerLocator,
    @Inject(API_NOTIFIER) private readonly notifier: InstanceNotifier,
  ) {}

  /** @throws AppError 404, 409 for a server that no cell has yet */
  async run(ctx: Ctx, caller: Caller, id: string, state: 'active' | 'error'): Promise<void> {
    const found = await this.locator.reach(caller, id);
    if (found.where === 'request') throw conflict('compute.server.not_ready', `Instance ${id} is not ready`);
    const { uuid } = found.instance;
    const changed = await found.cell.run((source) =>
      transaction(source, async (sql) => {
        await this.#actions.record(sql, newAction(ctx, 'resetState', uuid));
        await this.#operations.drop(sql, uuid);
        return this.#instances.update(sql, uuid, { vm_state: state, task_state: null });
      }),
    );
    if (changed.outcome === 'stale') throw serverNotFound(id);
    const { instance, old_vm_state: oldVmState, old_task_state: oldTaskState } = changed;
    await this.notifier.update(ctx, instance, { oldVmState, oldTaskState });
  }
}
