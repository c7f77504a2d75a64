/** A task that repeats until stopped: never overlapping itself, with jitter, so that many agents don't move in step. */
export class PeriodicTask {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly intervalMs: number,
    private readonly task: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
    private readonly random: () => number = Math.random,
  ) {}

  start(firstAfterMs = this.intervalMs * this.random()): void {
    this.#schedule(firstAfterMs);
  }

  /** No further run; resolves when the current one has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(afterMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#running = this.#running.then(() => this.#run());
    }, afterMs);
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    if (this.#stopped) return;
    try {
      await this.task();
    } catch (error) {
      this.onError(error);
    }
    this.#schedule(this.intervalMs * (0.9 + 0.2 * this.random()));
  }
}
