import type { MessageBus } from '../port/message-bus.js';

/** What readiness tells of a bus: not ready without its broker, nor while that takes no messages. */
export function brokerCheck(bus: MessageBus): { readonly ok: boolean; readonly detail?: string } {
  const { ready, blocked } = bus.health();
  return blocked ? { ok: false, detail: 'the broker takes no messages: it is short of memory or disk' } : { ok: ready };
}
