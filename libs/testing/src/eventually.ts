import { setImmediate as turn } from 'node:timers/promises';
import { pause } from '@kilonova/util';

export interface EventuallyOptions {
  /** Default 20000: nobody waits for longer than it takes, and a busy machine takes long. */
  readonly deadlineMs?: number;
  /** Default 20; 0: with each turn of the event loop, for what happens within this process. */
  readonly everyMs?: number;
}

/**
 * Calls `attempt` until it neither throws nor returns false, and returns its value: put the expectations inside.
 * After the deadline the last error is thrown, so that a failure reads like the expectation itself.
 */
export async function eventually<T>(attempt: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  const { deadlineMs = 20_000, everyMs = 20 } = options;
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    try {
      const value = await attempt();
      if (value !== false) return value;
      throw new Error(`still false after ${deadlineMs} ms`);
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      await (everyMs === 0 ? turn() : pause(everyMs));
    }
  }
}
