import type { ActionName, GuestRef, NothingTold } from '@kilonova/compute-objects';
import { AppError, type CallMessage, type Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../../common/settings.js';
import { isUp } from './model/host-state.js';
import { refuseAction } from './model/refuse-action.js';
import { type Caller, type ServerInCell, ServerLocator, serverNotFound } from './server-locator.service.js';

type Outcome = { readonly outcome: string };

/** What an agent told of the guest of a server. */
export interface Told<Result extends Outcome> {
  readonly found: ServerInCell;
  readonly told: Exclude<Result, NothingTold>;
}

/**
 * Asks the agent of a server's host about its guest, and waits for the answer: where the action table allows it, and no
 * longer than for any agent.
 */
@Injectable()
export class AskAgent {
  constructor(
    private readonly locator: ServerLocator,
    private readonly settings: ComputeSettings,
  ) {}

  /**
   * @param args what the message has beside the guest
   * @throws AppError 404, 409 when the table refuses it, 501 for what the hypervisor does not have, 503 when cell or agent do not answer
   */
  async run<Args extends GuestRef, Result extends Outcome>(
    ctx: Ctx,
    caller: Caller,
    id: string,
    action: ActionName,
    message: CallMessage<Args, Result | NothingTold, 'compute'>,
    args: Omit<Args, keyof GuestRef>,
  ): Promise<Told<Result>> {
    const found = await this.locator.reach(caller, id);
    refuseAction(action, found, caller.principal);
    if (found.where !== 'cell' || found.instance.host === null) throw serverNotFound(id);
    if (!isUp(found.host)) throw silent(found.instance.uuid);
    const guest = { host: found.instance.host, instance_uuid: found.instance.uuid };
    const told = await this.#call(ctx, found, message, { ...args, ...guest } as Args, guest.host);
    if (told.outcome === 'unsupported') throw unsupported();
    if (told.outcome === 'absent') throw serverNotFound(found.instance.uuid);
    if (told.outcome === 'failed') throw silent(found.instance.uuid);
    return { found, told: told as Exclude<Result, NothingTold> };
  }

  async #call<Args, Result>(
    ctx: Ctx,
    { cell, instance }: ServerInCell,
    message: CallMessage<Args, Result, 'compute'>,
    args: Args,
    host: string,
  ): Promise<Result> {
    try {
      const timeoutMs = this.settings.callTimeoutMs;
      return await cell.bus.call(ctx, message, { topic: 'compute', host } as never, args as never, { timeoutMs });
    } catch (error) {
      const { kind } = AppError.from(error);
      throw kind === 'dependency' || kind === 'deadline' ? silent(instance.uuid, error) : error;
    }
  }
}

/** Hosts are not named to those who own servers. */
const silent = (uuid: string, cause?: unknown): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'compute.agent.silent',
    message: `The host of instance ${uuid} does not answer; try again later.`,
    cause,
  });

/** Source: what Nova says of what a driver does not have. */
const unsupported = (): AppError =>
  new AppError({
    kind: 'not-implemented',
    code: 'compute.agent.unsupported',
    message: 'The requested functionality is not supported.',
  });
