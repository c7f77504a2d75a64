/** News that is on its way while the work goes on; a failure counts when it is asked for, not before. */
export class Told {
  readonly #news: Array<Promise<unknown>> = [];

  constructor(first: ReadonlyArray<Promise<unknown>>) {
    for (const news of first) this.add(news);
  }

  add(news: Promise<unknown>): void {
    news.catch(() => undefined);
    this.#news.push(news);
  }

  /** @throws the first failure. */
  async all(): Promise<void> {
    await Promise.all(this.#news);
  }
}
