import type { Ctx } from '@kilonova/util';
import type { Sender } from './sender.js';
import type { Target } from './target.js';

/**
 * What a handler learns about its message beside the arguments. Handlers are declared with `@Handles(message)`:
 * `handle(@Payload() args, @Ctx() rpc: RpcContext)`, `rpc.delivery`.
 */
export interface Delivery {
  readonly ctx: Ctx;
  readonly kind: 'call' | 'cast' | 'fanout';
  readonly messageId: string;
  /** The version of the message that its sender knew, `major.minor`. */
  readonly version: string;
  /** The queue's target: tells an agent process that serves many hosts which host is meant. */
  readonly target: Target;
  /** 1 on first delivery. */
  readonly attempt: number;
  /** Never a guess: over a broker, a message for whose sender it does not vouch is not delivered. */
  readonly sender: Sender;
  /** Aborted when nobody waits any more, or when the server that is told to stop has waited long enough. */
  readonly signal: AbortSignal;
}
