import type { OperationAction, OperationArguments, OperationOf, TryOperation } from '@kilonova/compute-objects';
import { type ApiReply, type ApiRequest, ok, ownerOf } from '@kilonova/http';
import { conflict } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import type { ArgumentsOf } from '../core/accept-action.service.js';
import { refuseAction } from '../core/model/refuse-action.js';
import { type ServerInCell, ServerLocator } from '../core/server-locator.service.js';
import { HostTrials } from './host-trials.port.js';
import { HOSTS_OF_TRIALS } from './trial.rules.js';
import { trialView } from './trial.view.js';

/** Actions that a host is looked for by resources for, and their operations. */
const TRIED = {
  resize: 'resize',
  migrate: 'resize',
  liveMigrate: 'liveMigration',
  evacuate: 'evacuate',
  unshelveOffloaded: 'unshelve',
} as const satisfies Partial<Record<OperationAction, TryOperation['operation']>>;

export type TriedAction = keyof typeof TRIED;

/** Judges an action as its acceptance does, and tells where the server would go instead of accepting it. */
@Injectable()
export class TryAction {
  constructor(
    private readonly locator: ServerLocator,
    private readonly trials: HostTrials,
  ) {}

  /** @throws AppError what the acceptance throws */
  async run<A extends TriedAction>(request: ApiRequest<unknown>, id: string, action: A, args: ArgumentsOf<A>): Promise<ApiReply> {
    const found = await this.locator.reach(request, id);
    refuseAction(action, found, request.principal);
    if (found.where !== 'cell') throw changing(id);
    return this.show(request, found, action, await args(found));
  }

  /** Of a server that was found to allow the action. @param zone that it would be pinned to; left out: as it is */
  async show<A extends TriedAction>(
    request: ApiRequest<unknown>,
    { instance }: ServerInCell,
    action: A,
    args: OperationArguments[OperationOf<A>],
    zone?: string | null,
  ): Promise<ApiReply> {
    const {
      flavor,
      requested_host,
      forced = false,
    } = args as Pick<TryOperation, 'flavor' | 'requested_host'> & { forced?: boolean };
    const result = await this.trials.operation(request.ctx, {
      instance_uuid: instance.uuid,
      operation: TRIED[action],
      flavor,
      requested_host,
      forced,
      ...(zone === undefined ? {} : { availability_zone: zone }),
    });
    if (result === null) throw changing(instance.uuid);
    return ok({ dry_run: trialView(result, request.allows(HOSTS_OF_TRIALS, ownerOf(instance))) });
  }
}

const changing = (id: string) => conflict('compute.server.busy', `Instance ${id} is changing; try again.`);
