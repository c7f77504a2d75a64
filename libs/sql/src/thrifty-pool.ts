import pg, { type PoolClient, type PoolConfig } from 'pg';

type Connected = (error: Error | undefined, client: PoolClient | undefined, release: (error?: Error | boolean) => void) => void;

/** So many connections are opened as soon as they are wanted. */
const AT_ONCE = 8;
/** Who would need one more waits for so long that one of the others comes free; then another is opened. */
const GROW_AFTER_MS = 200;

/**
 * A pool that prefers to wait for a connection that is busy to opening another. A new one costs both sides some ten
 * milliseconds of CPU: a process of the server, its login, and every prepared statement planned anew. Statements run for
 * one or two, so a burst is over sooner on few connections; where they really take long (locks, a far database), the
 * pool grows by one each time that nobody got a connection for a fifth of a second, up to its maximum.
 */
export class ThriftyPool extends pg.Pool {
  readonly #waiting: Connected[] = [];
  readonly #max: number;
  #growth: NodeJS.Timeout | undefined;

  constructor(config: PoolConfig) {
    super(config);
    this.#max = config.max ?? Number.POSITIVE_INFINITY;
    // The pool tells before it has the connection back.
    this.on('release', () => process.nextTick(() => this.#next()));
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<PoolClient> | void {
    if (callback === undefined)
      return new Promise((resolve, reject) =>
        this.connect((error, client) => (client === undefined ? reject(error) : resolve(client))),
      );
    this.#waiting.push(callback);
    this.#next();
  }

  /** Lets on whoever need not wait, first come first served. */
  #next(): void {
    while (this.#waiting.length > 0 && this.#needNotWait()) this.#letOn();
    if (this.#waiting.length === 0 || this.#growth !== undefined) return;
    this.#growth = setTimeout(() => this.#grow(), GROW_AFTER_MS);
  }

  #needNotWait(): boolean {
    return this.ending || this.idleCount > this.waitingCount || this.totalCount < AT_ONCE || this.totalCount >= this.#max;
  }

  #grow(): void {
    this.#growth = undefined;
    this.#letOn();
    this.#next();
  }

  #letOn(): void {
    clearTimeout(this.#growth);
    this.#growth = undefined;
    const callback = this.#waiting.shift();
    if (callback !== undefined) super.connect(callback);
  }
}
