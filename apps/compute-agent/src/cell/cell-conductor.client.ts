import { Config } from '@kilonova/config';
import { MessageBus } from '@kilonova/messaging';
import type { CallMessage, Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { messagingSection } from '../config.js';

const CONDUCTOR = { topic: 'conductor' } as const;

/** The agent's only way to the database: its cell conductor. */
export abstract class CellConductor {
  abstract call<Args, Result>(ctx: Ctx, message: CallMessage<Args, Result, 'conductor'>, args: NoInfer<Args>): Promise<Result>;
}

/** The cell conductor over the cell's bus. */
@Injectable()
export class BusCellConductor extends CellConductor {
  readonly #timeoutMs: number;

  constructor(
    private readonly bus: MessageBus,
    config: Config,
  ) {
    super();
    this.#timeoutMs = config.get(messagingSection).callTimeoutSeconds * 1000;
  }

  call<Args, Result>(ctx: Ctx, message: CallMessage<Args, Result, 'conductor'>, args: NoInfer<Args>): Promise<Result> {
    return this.bus.call(ctx, message, CONDUCTOR, args, { timeoutMs: this.#timeoutMs });
  }
}
