/**
 * A least-recently-used cache with a size bound and, optionally, an age bound in milliseconds. Unless told otherwise, ages
 * are measured by a clock that nobody sets: where the time of day jumps back, nothing is believed for longer.
 */
export class BoundedCache<K, V> {
  readonly #entries = new Map<K, { value: V; expires: number }>();

  constructor(
    private readonly maxEntries: number,
    private readonly maxAgeMs: number = Number.POSITIVE_INFINITY,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.expires <= this.now()) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** `maxAgeMs` may shorten, never lengthen, the cache's own age bound. */
  set(key: K, value: V, maxAgeMs = this.maxAgeMs): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, expires: this.now() + Math.min(maxAgeMs, this.maxAgeMs) });
    if (this.#entries.size > this.maxEntries) {
      const oldest = this.#entries.keys().next();
      if (!oldest.done) this.#entries.delete(oldest.value);
    }
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}
