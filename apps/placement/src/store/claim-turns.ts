import { AppError } from '@kilonova/util';

export interface TurnLimits {
  /** Claims in the database at once. */
  readonly atOnce: number;
  /** Of these, claims on one provider: one that is at work, and those that are ready when it ends. */
  readonly perProvider: number;
  /** Longest wait for a turn, milliseconds. */
  readonly waitMs: number;
  /** How many may wait; more are refused at once. */
  readonly line: number;
}

interface Waiter {
  readonly provider: string;
  readonly start: () => void;
}

/**
 * Lets a few claims at a time into the database, each provider's in the order of their coming. Claims on one provider wait
 * for each other there in any case, on connections that others could use, and the more wait the dearer each becomes: with
 * ten on two cores a third of the work is waking up. Nothing depends on this for being right.
 */
export class ClaimTurns {
  readonly #line: Waiter[] = [];
  readonly #busy = new Map<string, number>();
  #running = 0;

  constructor(private readonly limits: TurnLimits) {}

  /** Whether a claim would have to wait, and for claims on other providers alone. */
  isCrowded(provider: string): boolean {
    const full = this.#running >= this.limits.atOnce || this.#line.length > 0;
    return full && !this.#busy.has(provider) && !this.#line.some((waiter) => waiter.provider === provider);
  }

  /** @throws AppError `dependency` (503) when too many wait, or for too long. */
  async run<T>(provider: string, claim: () => Promise<T>): Promise<T> {
    if (this.#mayStart(provider)) this.#take(provider);
    else await this.#wait(provider);
    try {
      return await claim();
    } finally {
      this.#leave(provider);
    }
  }

  #mayStart(provider: string): boolean {
    return this.#running < this.limits.atOnce && (this.#busy.get(provider) ?? 0) < this.limits.perProvider;
  }

  #take(provider: string): void {
    this.#running++;
    this.#busy.set(provider, (this.#busy.get(provider) ?? 0) + 1);
  }

  #leave(provider: string): void {
    this.#running--;
    const left = (this.#busy.get(provider) ?? 1) - 1;
    if (left === 0) this.#busy.delete(provider);
    else this.#busy.set(provider, left);
    const next = this.#line.findIndex((waiter) => this.#mayStart(waiter.provider));
    if (next >= 0) this.#line.splice(next, 1)[0]?.start();
  }

  #wait(provider: string): Promise<void> {
    if (this.#line.length >= this.limits.line) throw overloaded();
    return new Promise((resolve, reject) => {
      const start = (): void => {
        clearTimeout(timer);
        this.#take(provider);
        resolve();
      };
      const waiter = { provider, start };
      const timer = setTimeout(() => {
        this.#line.splice(this.#line.indexOf(waiter), 1);
        reject(overloaded());
      }, this.limits.waitMs);
      this.#line.push(waiter);
    });
  }
}

const overloaded = (): AppError =>
  new AppError({ kind: 'dependency', code: 'placement.claims.overloaded', message: 'Too many claims wait for the database.' });
