import { KeyedGate } from '@kilonova/util';
import type { Route } from '../route.js';

/** How many requests of one caller are answered at once in one process. */
export interface TurnLimits {
  /** Of any kind. */
  readonly requests: number;
  /** Of those, which change something: they hold connections of a database while they wait for each other's rows. */
  readonly changes: number;
  /** Of those, rows that are `dear`. */
  readonly dear: number;
}

const WAIT = { queue: 256, waitMs: 30_000, apart: true };
/** A client does not wait longer for a list. */
const DEAR_WAIT = { queue: 64, waitMs: 10_000, apart: true };

/**
 * Requests of one caller (a project; an address where there is no token) wait for each other, so that those of others need
 * not wait for them: neither for connections nor for the processor.
 */
export class Turns {
  readonly #requests: KeyedGate;
  readonly #changes: KeyedGate;
  readonly #dear: KeyedGate;

  constructor({ requests, changes, dear }: TurnLimits) {
    this.#requests = new KeyedGate({ ...WAIT, concurrency: requests }, 'requests');
    this.#changes = new KeyedGate({ ...WAIT, concurrency: changes }, 'changes');
    this.#dear = new KeyedGate({ ...DEAR_WAIT, concurrency: dear }, 'lists');
  }

  /**
   * Bodies that are streams take no turn: how long they take is up to the client.
   * @throws AppError 429 with code `request.too_many` when too many wait already, or the turn does not come in time, else what the task throws.
   */
  async run<T>(caller: string, row: Pick<Route, 'dear' | 'method' | 'rawBody'>, task: () => Promise<T>): Promise<T> {
    if (row.rawBody === true) return task();
    const any = (): Promise<T> => this.#requests.run(caller, task);
    // The narrower gate first: who waits there must not take up a place among all.
    if (row.dear === true) return this.#dear.run(caller, any);
    return row.method === 'GET' || row.method === 'HEAD' ? any() : this.#changes.run(caller, any);
  }
}
