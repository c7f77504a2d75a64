/** What happened during a load: how often, and what should not have. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly wrong: string[] = [];

  count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  /** Kept up to a number that can be read. */
  report(fault: string): void {
    this.count('wrong');
    if (this.wrong.length < 20) this.wrong.push(fault);
  }

  toString(): string {
    return [...this.#counts]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([what, times]) => `${what} ${times}`)
      .join(', ');
  }
}
