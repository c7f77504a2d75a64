import type { Ctx } from '@kilonova/util';
import type { Delivery } from '../port/delivery.js';
import type { Target } from '../port/target.js';
import type { Incoming } from '../serve/incoming.js';

/** A message as the in-process broker keeps it: its body is text, so that nothing is shared between the two ends. */
export interface StoredMessage {
  readonly kind: Delivery['kind'];
  readonly method: string;
  readonly version: string;
  readonly body: string;
  readonly ctx: string;
  readonly messageId: string;
  readonly target: Target;
  readonly attempt: number;
  /** Takes the answer's text; calls only. */
  readonly reply?: (outcome: string) => void;
}

export const storeMessage = (message: Omit<StoredMessage, 'body' | 'ctx'> & { args: unknown; ctx: Ctx }): StoredMessage => {
  const { args, ctx, ...rest } = message;
  return { ...rest, body: JSON.stringify(args ?? null), ctx: JSON.stringify(ctx) };
};

export const readMessage = (stored: StoredMessage): Incoming => ({
  kind: stored.kind,
  method: stored.method,
  version: stored.version,
  args: JSON.parse(stored.body) as unknown,
  ctx: JSON.parse(stored.ctx) as Ctx,
  messageId: stored.messageId,
  target: stored.target,
  attempt: stored.attempt,
  sender: { kind: 'local' },
});
