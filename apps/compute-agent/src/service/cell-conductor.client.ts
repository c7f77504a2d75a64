import type { Rpc } from '@kilonova/compute-objects';
import type { MessageBus } from '@kilonova/messaging';
import type { Ctx } from '@kilonova/util';

const CONDUCTOR = { topic: 'conductor' } as const;

/** The methods that a cell conductor answers. */
type CallMethod =
  | 'begin_build'
  | 'update_instance'
  | 'destroy_instance'
  | 'get_instance'
  | 'instances_on_host'
  | 'action_event_start'
  | 'action_event_finish'
  | 'report_host'
  | 'heartbeat';

/** The agent's only way to the database: its cell conductor. */
export class CellConductor {
  constructor(
    private readonly bus: MessageBus,
    private readonly timeoutMs: number,
  ) {}

  call<M extends CallMethod>(ctx: Ctx, method: M, args: Rpc[M]['args']): Promise<Rpc[M]['result']> {
    return this.bus.call(ctx, CONDUCTOR, method, args, { timeoutMs: this.timeoutMs });
  }

  /** Hands a failed build back; resolves when the broker keeps the message. */
  retryElsewhere(ctx: Ctx, args: Rpc['build_instances']['args'], messageId: string): Promise<void> {
    return this.bus.cast(ctx, CONDUCTOR, 'build_instances', args, { messageId });
  }
}
