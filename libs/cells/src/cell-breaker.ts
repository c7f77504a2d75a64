import CircuitBreaker from 'opossum';
import { isCellFailure, isCellTimeout, isSlowStatement } from './cell-failure.js';

/** Longest wait for the probe of a database that was just too slow, milliseconds: a healthy one answers in a few. */
const SUSPICION_MS = 500;

/** opossum's own way back is to let a caller try, who then waits for the deadline; ours is the probe. */
const NEVER_MS = 2 ** 31 - 1;

export interface BreakerParts<T> {
  readonly name: string;
  /** What is guarded. */
  readonly work: (task: T, deadlineMs: number) => Promise<unknown>;
  /** The least that shows that the database answers. */
  readonly probe: (deadlineMs: number) => Promise<unknown>;
  /** Between probes while it is open, and the longest wait for one, milliseconds. */
  readonly resetMs: number;
}

/**
 * Stops asking a database that fails or hangs. One task past its deadline is enough for a probe; if that is late as
 * well, everybody is refused at once, until a later probe in the background is answered. So a hang costs one caller its
 * deadline, and a slow statement on a healthy database costs nobody else anything.
 */
export class CellBreaker<T> {
  readonly #breaker: CircuitBreaker<[T, number], unknown>;
  #suspicion: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isShut = false;

  constructor(private readonly parts: BreakerParts<T>) {
    this.#breaker = new CircuitBreaker(parts.work, {
      timeout: false,
      volumeThreshold: 5,
      errorThresholdPercentage: 50,
      resetTimeout: NEVER_MS,
      enableSnapshots: false,
      // However many are slow: that is a matter for the probe, as any caller can make a statement slow.
      errorFilter: (error: unknown) => !isCellFailure(error) || isCellTimeout(error) || isSlowStatement(error),
      name: `cell ${parts.name}`,
    });
    this.#breaker.on('open', () => this.#probeLater());
  }

  /** True while tasks are refused without being tried. */
  get isOpen(): boolean {
    return this.#breaker.opened;
  }

  /** @throws an error with code `EOPENBREAKER` when it is open; else what the work throws. */
  async run(task: T, deadlineMs: number): Promise<unknown> {
    await this.#suspicion;
    try {
      return await this.#breaker.fire(task, deadlineMs);
    } catch (error) {
      if (isCellTimeout(error)) this.#suspect();
      throw error;
    }
  }

  shutdown(): void {
    this.#isShut = true;
    clearTimeout(this.#timer);
    this.#breaker.shutdown();
  }

  #suspect(): void {
    if (this.isOpen || this.#isShut) return;
    this.#suspicion ??= this.#isAnswered(Math.min(SUSPICION_MS, this.parts.resetMs)).then((isAnswered) => {
      this.#suspicion = undefined;
      if (!isAnswered && !this.#isShut) this.#breaker.open();
    });
  }

  #probeLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#probeAgain(), this.parts.resetMs);
    this.#timer.unref();
  }

  async #probeAgain(): Promise<void> {
    const isAnswered = await this.#isAnswered(this.parts.resetMs);
    if (this.#isShut) return;
    if (isAnswered) this.#breaker.close();
    else this.#probeLater();
  }

  #isAnswered(deadlineMs: number): Promise<boolean> {
    return this.parts.probe(deadlineMs).then(
      () => true,
      () => false,
    );
  }
}
