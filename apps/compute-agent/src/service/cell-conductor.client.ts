import type { MessageBus } from '@kilonova/messaging';
import type { CallMessage, Ctx } from '@kilonova/util';

const CONDUCTOR = { topic: 'conductor' } as const;

/** The agent's only way to the database: its cell conductor. */
export class CellConductor {
  constructor(
    private readonly bus: MessageBus,
    private readonly timeoutMs: number,
  ) {}

  call<Args, Result>(ctx: Ctx, message: CallMessage<Args, Result, 'conductor'>, args: NoInfer<Args>): Promise<Result> {
    return this.bus.call(ctx, message, CONDUCTOR, args, { timeoutMs: this.timeoutMs });
  }
}
