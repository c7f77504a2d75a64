/**
 * Lets callers share runs of one task: never two at once, and a caller is only served by a run that began after it asked.
 * However many wait, at most one run is going and one is due.
 */
export class SharedRun<Result> {
  readonly #task: () => Promise<Result>;
  #going: Promise<unknown> | undefined;
  #due: Promise<Result> | undefined;

  constructor(task: () => Promise<Result>) {
    this.#task = task;
  }

  /** The result of a run that begins from now on. Rejects with what that run throws. */
  next(): Promise<Result> {
    if (this.#due !== undefined) return this.#due;
    if (this.#going === undefined) return this.#start();
    const due = this.#going.then(
      () => this.#start(),
      () => this.#start(),
    );
    this.#due = due;
    return due;
  }

  #start(): Promise<Result> {
    this.#due = undefined;
    const run = this.#task();
    this.#going = run;
    const clear = (): void => {
      if (this.#going === run) this.#going = undefined;
    };
    run.then(clear, clear);
    return run;
  }
}
