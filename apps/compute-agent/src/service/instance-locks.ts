/** Lets one piece of work at a time touch an instance, in order of arrival. */
export class InstanceLocks {
  readonly #tails = new Map<string, Promise<void>>();

  /** Number of instances that are being worked on. */
  get size(): number {
    return this.#tails.size;
  }

  async run<T>(instanceUuid: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(instanceUuid) ?? Promise.resolve();
    const result = before.then(work);
    const tail = result.then(
      () => undefined,
      () => undefined,
    );
    this.#tails.set(instanceUuid, tail);
    try {
      return await result;
    } finally {
      if (this.#tails.get(instanceUuid) === tail) this.#tails.delete(instanceUuid);
    }
  }
}
