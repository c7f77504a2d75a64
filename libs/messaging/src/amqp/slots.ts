import { withTimeout } from '@kilonova/util';
import { unavailable } from '../wire/bus-errors.js';

/** How many may wait in line for a slot; more are refused. */
const MAX_LINE = 100_000;

/** A fixed number of slots, given in the order of asking. */
export class Slots {
  #free: number;
  #line: Array<() => void> = [];
  #idleWaiters: Array<() => void> = [];

  constructor(private readonly size: number) {
    this.#free = size;
  }

  /** Undefined when a slot was free at once. @throws AppError `messaging.unavailable` after `timeoutMs`. */
  take(timeoutMs: number): Promise<void> | undefined {
    if (this.#free > 0) {
      this.#free--;
      return undefined;
    }
    if (this.#line.length >= MAX_LINE) throw unavailable('too many messages wait');
    return this.#wait(timeoutMs);
  }

  free(): void {
    const next = this.#line.shift();
    if (next === undefined) this.#free++;
    else next();
    if (this.#free === this.size) for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }

  /** Resolves when every slot is free, or after `ms`. */
  async idle(ms: number): Promise<void> {
    if (this.#free === this.size) return;
    const idle = new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
    await withTimeout(idle, ms, () => new Error('still busy')).catch(() => undefined);
  }

  async #wait(timeoutMs: number): Promise<void> {
    let mine: (() => void) | undefined;
    const turn = new Promise<void>((resolve) => {
      mine = resolve;
      this.#line.push(resolve);
    });
    try {
      await withTimeout(turn, timeoutMs, () => unavailable('too many messages wait for the broker'));
    } catch (error) {
      const index = this.#line.indexOf(mine as () => void);
      if (index >= 0) this.#line.splice(index, 1);
      else this.free(); // it was given in the same moment
      throw error;
    }
  }
}
