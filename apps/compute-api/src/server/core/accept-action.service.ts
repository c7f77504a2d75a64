import { OperationRepository } from '@kilonova/cell-db';
import { CellRelays } from '@kilonova/cells';
import {
  actionRule,
  type Instance,
  type OperationAction,
  type OperationArguments,
  type OperationOf,
  operationRule,
} from '@kilonova/compute-objects';
import { InstanceNotifier } from '@kilonova/notifications';
import { type Sql, transaction } from '@kilonova/sql';
import { type AppError, type Ctx, conflict } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { refuseAction } from './model/refuse-action.js';
import { type Caller, type ServerInCell, ServerLocator } from './server-locator.service.js';

/** How often a server is looked at again that changed while the request was being accepted. */
const TRIES = 5;

/** Arguments that depend on the server as it was found. @throws AppError to refuse */
export type ArgumentsOf<A extends OperationAction> = (found: ServerInCell) => Promise<OperationArguments[OperationOf<A>]>;

/**
 * Accepts what is asked of a server on a host: the action table says whether it may be done now, and one statement in its
 * cell stores task state, record, operation and the message to its agent.
 */
@Injectable()
export class AcceptAction {
  constructor(
    private readonly locator: ServerLocator,
    private readonly relays: CellRelays,
    private readonly notifier: InstanceNotifier,
    private readonly operations: OperationRepository,
  ) {}

  /**
   * @param args asked for once the table has nothing against the action, where they depend on the server
   * @returns the server as it was
   * @throws AppError 404, 409 when the table refuses it, 503 when its cell is down.
   */
  async run<A extends OperationAction>(
    ctx: Ctx,
    caller: Caller,
    id: string,
    action: A,
    args: OperationArguments[OperationOf<A>] | ArgumentsOf<A>,
  ): Promise<ServerInCell> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const found = await this.locator.reach(caller, id);
      refuseAction(action, found, caller.principal);
      if (found.where !== 'cell') continue;
      const given = typeof args === 'function' ? await args(found) : args;
      if (await this.accept(ctx, found, action, given)) return found;
    }
    throw conflict('compute.server.busy', `Instance ${id} is changing too fast; try again.`);
  }

  /**
   * What was found to be allowed of a server as it was found. False: it changed meanwhile.
   * @param along done in the same transaction; what it throws takes the acceptance back
   * @throws AppError 409 for a server on no host: nobody is there to do it, whatever its state allows
   */
  async accept<A extends OperationAction>(
    ctx: Ctx,
    { cell, instance }: Pick<ServerInCell, 'cell' | 'instance'>,
    action: A,
    args: OperationArguments[OperationOf<A>],
    along?: (sql: Sql) => Promise<void>,
  ): Promise<boolean> {
    const { operation } = actionRule(action);
    const isPlaced = operation !== undefined && operationRule(operation).placed !== undefined;
    if (instance.host === null && !isPlaced) throw notReady(instance);
    const accept = (sql: Sql) => this.operations.accept(sql, ctx, action, instance, args, 'hand');
    const accepted = await cell.run((source) =>
      along === undefined
        ? accept(source)
        : transaction(source, async (sql) => {
            const outcome = await accept(sql);
            if (outcome.outcome === 'accepted') await along(sql);
            return outcome;
          }),
    );
    if (accepted.outcome === 'changed') return false;
    const change = { oldVmState: accepted.old_vm_state, oldTaskState: accepted.old_task_state };
    if (accepted.cast !== undefined) void this.relays.send(cell, [accepted.cast], isPlaced ? 'api' : 'cell');
    if (accepted.instance.task_state !== change.oldTaskState)
      await this.notifier.update(ctx, accepted.instance satisfies Instance, change);
    return true;
  }
}

const notReady = ({ uuid }: Pick<Instance, 'uuid'>): AppError =>
  conflict('compute.server.not_ready', `Instance ${uuid} is not ready`);
