/** A pause that can be called off; a call made while nobody waits holds for the next wait. */
export class Wakeup {
  #called = false;
  #waiter: (() => void) | undefined;

  call(): void {
    this.#called = true;
    this.#waiter?.();
  }

  /** True when it was called off. */
  async wait(ms: number): Promise<boolean> {
    if (!this.#called) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#waiter = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#waiter = undefined;
    }
    const called = this.#called;
    this.#called = false;
    return called;
  }
}
