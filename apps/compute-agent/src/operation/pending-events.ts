/** Events that are on their way while the work goes on; a failure counts when it is asked for, not before. */
export class PendingEvents {
  readonly #events: Array<Promise<unknown>> = [];

  add(event: Promise<unknown>): void {
    event.catch(() => undefined);
    this.#events.push(event);
  }

  /** Resolves when all are with the broker. @throws the first failure. */
  async sent(): Promise<void> {
    await Promise.all(this.#events);
  }
}
