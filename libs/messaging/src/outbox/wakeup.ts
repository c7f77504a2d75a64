/** A pause that can be called off; a call made while nobody waits holds for the next wait. */
export class Wakeup {
  #called = false;
  #waiter: (() => void) | undefined;

  call(): void {
    this.#called = true;
    this.#waiter?.();
  }

  async wait(ms: number): Promise<void> {
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
    this.#called = false;
  }
}
