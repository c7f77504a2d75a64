/** Tells on the terminal what `up` is doing: a line a step, with its time when it took one. */
export class Progress {
  readonly #startedAt = Date.now();

  constructor(private readonly write: (line: string) => void = (line) => void process.stderr.write(`${line}\n`)) {}

  note(text: string): void {
    this.write(`  ${text}`);
  }

  async step<T>(text: string, work: () => Promise<T>): Promise<T> {
    const before = Date.now();
    this.write(`… ${text}`);
    const result = await work();
    this.write(`✓ ${text} (${((Date.now() - before) / 1000).toFixed(1)} s)`);
    return result;
  }

  /** Seconds since the start, one decimal. */
  get elapsed(): string {
    return ((Date.now() - this.#startedAt) / 1000).toFixed(1);
  }
}
