import type { Ctx } from '@kilonova/util';
import type { Delivery } from '../port/delivery.js';
import type { Sender } from '../port/sender.js';
import { type Target, targetName } from '../port/target.js';

/** A received message, decoded, before it is handled. */
export interface Incoming {
  readonly kind: Delivery['kind'];
  readonly method: string;
  /** Of the message, `major.minor`. */
  readonly version: string;
  readonly args: unknown;
  readonly ctx: Ctx;
  readonly messageId: string;
  readonly target: Target;
  readonly attempt: number;
  readonly sender: Sender;
}

/** Names the message within a process: one id may go to several targets, and nobody else's message is the same for its id. */
export function flightKey({ target, sender, messageId }: Incoming): string {
  return `${targetName(target)}|${sender.kind === 'local' ? '' : sender.name}|${messageId}`;
}
