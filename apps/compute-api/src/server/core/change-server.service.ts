import { ApiDatabase, BuildRequestRepository } from '@kilonova/api-db';
import { InstanceActionRepository } from '@kilonova/cell-db';
import { type ActionName, actionRule, type Instance } from '@kilonova/compute-objects';
import { InstanceNotifier } from '@kilonova/notifications';
import { transaction } from '@kilonova/sql';
import { type Ctx, conflict } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { refuseAction } from './model/refuse-action.js';
import { newAction } from './new-action.js';
import { type ServerFields, ServerFieldsRepository } from './server-fields.repository.js';
import { type Caller, type ServerInCell, type ServerInRequest, ServerLocator, serverNotFound } from './server-locator.service.js';

/** How often a server is looked for again that moved to its cell meanwhile. */
const TRIES = 3;

/** What is to change of a server as it is now; nothing when it is as it should be. @throws AppError to refuse */
export type Decide = (instance: Instance) => ServerFields;

export interface ServerChangeRequest {
  /** The row of the action table. */
  readonly action: ActionName;
  /** Of the message of a refusal, where one row stands for several. */
  readonly verb?: string;
  readonly decide: Decide;
}

/**
 * Changes fields that belong to the API, wherever the server is: the row is locked, the decision made on what it holds,
 * and written in the same transaction.
 */
@Injectable()
export class ChangeServer {
  readonly #actions = new InstanceActionRepository();
  readonly #fields = new ServerFieldsRepository();
  readonly #requests = new BuildRequestRepository();

  constructor(
    private readonly locator: ServerLocator,
    private readonly database: ApiDatabase,
    private readonly notifier: InstanceNotifier,
  ) {}

  /**
   * What changed is notified as `instance.update`.
   * @throws AppError 404, 503, 409 when the action table refuses it, and what `decide` throws
   */
  async run(ctx: Ctx, caller: Caller, id: string, change: ServerChangeRequest): Promise<ServerInCell | ServerInRequest> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const found = await this.locator.reach(caller, id);
      const decide: Decide = (instance) => {
        refuseAction(change.action, { instance }, caller.principal, change.verb);
        return change.decide(instance);
      };
      const instance =
        found.where === 'cell'
          ? await this.#inCell(ctx, found, decide, actionRule(change.action).recordedAs)
          : await this.#inRequest(found, decide);
      if (instance !== undefined) {
        await this.#notify(ctx, instance);
        return { ...found, instance };
      }
      if (found.where === 'cell') throw serverNotFound(id);
    }
    throw conflict('compute.server.busy', `Instance ${id} is changing too fast; try again.`);
  }

  #notify(ctx: Ctx, instance: Instance): Promise<void> {
    return this.notifier.update(ctx, instance, { oldVmState: instance.vm_state, oldTaskState: instance.task_state });
  }

  async #inCell(
    ctx: Ctx,
    { cell, instance: { uuid } }: ServerInCell,
    decide: Decide,
    action: string | undefined,
  ): Promise<Instance | undefined> {
    return cell.run((source) =>
      transaction(source, async (sql) => {
        const present = await this.#fields.lock(sql, uuid);
        if (present === undefined) return undefined;
        const fields = decide(present);
        if (Object.keys(fields).length === 0) return present;
        const changed = await this.#fields.set(sql, uuid, fields);
        if (action !== undefined) await this.#actions.record(sql, newAction(ctx, action, uuid));
        return changed;
      }),
    );
  }

  /** Undefined: it has gone on to its cell. */
  async #inRequest({ instance: { uuid } }: ServerInRequest, decide: Decide): Promise<Instance | undefined> {
    return this.database.transaction(async (sql) => {
      const present = await this.#fields.lockRequest(sql, uuid);
      if (present === undefined) return undefined;
      const changed = { ...present, ...decide(present) };
      return (await this.#requests.replace(sql, changed)) ? changed : undefined;
    });
  }
}
