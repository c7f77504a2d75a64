import { withTimeout } from '@kilonova/util';
import type { Logger } from './logger.js';

interface Closing {
  readonly name: string;
  readonly close: () => unknown;
}

/** Longest time that closing one thing may take, milliseconds. */
const STEP_DEADLINE_MS = 10_000;

/**
 * What a service has opened, in order, to be closed in the opposite order. One that fails or hangs is told of and does
 * not keep the others open.
 */
export class Closings {
  readonly #opened: Closing[] = [];
  #closed: Promise<void> | undefined;

  constructor(
    private readonly logger: Pick<Logger, 'error'>,
    private readonly stepDeadlineMs = STEP_DEADLINE_MS,
  ) {}

  add(name: string, close: () => unknown): this {
    this.#opened.push({ name, close });
    return this;
  }

  /** As if it had been opened before all others: it is closed after them. */
  addFirst(name: string, close: () => unknown): this {
    this.#opened.unshift({ name, close });
    return this;
  }

  /** Closes everything once; later calls wait for the same end. */
  close(): Promise<void> {
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  async #closeAll(): Promise<void> {
    for (const { name, close } of this.#opened.reverse()) {
      try {
        await withTimeout(
          Promise.resolve().then(close),
          this.stepDeadlineMs,
          () => new Error(`took longer than ${this.stepDeadlineMs} ms`),
        );
      } catch (error) {
        this.logger.error({ err: error, closing: name }, 'could not be closed');
      }
    }
  }
}
