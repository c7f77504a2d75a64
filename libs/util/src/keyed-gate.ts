import { AppError } from './errors.js';

export interface GateLimits {
  /** Tasks of one key that run at once. */
  readonly concurrency: number;
  /** Tasks of one key that wait for their turn; one more is refused. */
  readonly queue: number;
  /** Longest wait for the turn, milliseconds. */
  readonly waitMs: number;
  /**
   * Gives a place on in the next turn of the event loop only, so that tasks of one key that compute and never wait do not follow
   * each other without anybody else's being seen to.
   */
  readonly apart?: boolean;
}

interface Lane {
  running: number;
  readonly waiting: Array<() => void>;
}

/**
 * Lets so many tasks of one key (a project, a user) run at once and the next ones wait, so that what one caller asks for
 * is paid for by that caller alone. Keys without tasks take up nothing.
 */
export class KeyedGate {
  readonly #lanes = new Map<string, Lane>();

  constructor(
    private readonly limits: GateLimits,
    /** What there is too much of, for the caller to read: `searches by pattern`. */
    private readonly what: string,
  ) {}

  /** Keys that have tasks at the moment. */
  get size(): number {
    return this.#lanes.size;
  }

  /** @throws AppError 429 with code `request.too_many` when the queue is full or the turn does not come in time, else what the task throws. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(key) ?? { running: 0, waiting: [] };
    this.#lanes.set(key, lane);
    if (lane.running < this.limits.concurrency) lane.running += 1;
    else await this.#turn(lane);
    try {
      return await task();
    } finally {
      if (this.limits.apart === true) setImmediate(() => this.#leave(key, lane));
      else this.#leave(key, lane);
    }
  }

  #turn(lane: Lane): Promise<void> {
    if (lane.waiting.length >= this.limits.queue) throw this.#tooMany();
    return new Promise((resolve, reject) => {
      const start = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        lane.waiting.splice(lane.waiting.indexOf(start), 1);
        reject(this.#tooMany());
      }, this.limits.waitMs);
      lane.waiting.push(start);
    });
  }

  /** The place goes to the one that has waited longest. */
  #leave(key: string, lane: Lane): void {
    const next = lane.waiting.shift();
    if (next === undefined) lane.running -= 1;
    else next();
    if (lane.running === 0) this.#lanes.delete(key);
  }

  #tooMany(): AppError {
    return new AppError({
      kind: 'quota',
      code: 'request.too_many',
      message: `Too many ${this.what} at once. Try again later.`,
      details: { httpStatus: 429 },
      retry: { laterMs: 1_000 },
    });
  }
}
