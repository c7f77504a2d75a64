import { AppError } from '@kilonova/util';
import { toWireError, type WireError } from './error.codec.js';

/** How a call ended, as it is sent back. `expired`: nobody waits any more, so nothing is sent. */
export type CallOutcome =
  | { readonly type: 'answer'; readonly result: unknown }
  | { readonly type: 'error'; readonly error: WireError }
  | { readonly type: 'expired' };

/** The answer's JSON text; a result that is none (a cycle, a bigint) becomes a `bug` that the caller hears of at once. */
export function encodeOutcome(outcome: CallOutcome): string {
  try {
    return JSON.stringify(outcome.type === 'answer' ? { type: 'answer', result: outcome.result ?? null } : outcome);
  } catch (cause) {
    const message = 'The answer, or the details of the error, cannot be written as JSON.';
    const error = new AppError({ kind: 'bug', code: 'messaging.answer.unserializable', message, cause });
    return JSON.stringify({ type: 'error', error: toWireError(error) });
  }
}

/** Undefined when the text is no JSON. */
export function decodeOutcome(text: string): CallOutcome | undefined {
  try {
    return JSON.parse(text) as CallOutcome;
  } catch {
    return undefined;
  }
}
