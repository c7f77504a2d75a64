/** Ids and names of one kind (traits, resource classes, aggregate uuids), as the database numbers them. */
export class NameTable {
  readonly #nameById = new Map<number, string>();
  readonly #idByName = new Map<string, number>();

  get size(): number {
    return this.#nameById.size;
  }

  set(id: number, name: string): void {
    const before = this.#nameById.get(id);
    if (before !== undefined && before !== name) this.delete(id);
    this.#nameById.set(id, name);
    this.#idByName.set(name, id);
  }

  delete(id: number): void {
    const name = this.#nameById.get(id);
    if (name === undefined) return;
    this.#nameById.delete(id);
    if (this.#idByName.get(name) === id) this.#idByName.delete(name);
  }

  replaceAll(entries: Iterable<readonly [number, string]>): void {
    this.#nameById.clear();
    this.#idByName.clear();
    for (const [id, name] of entries) this.set(id, name);
  }

  id(name: string): number | undefined {
    return this.#idByName.get(name);
  }

  name(id: number): string | undefined {
    return this.#nameById.get(id);
  }

  has(id: number): boolean {
    return this.#nameById.has(id);
  }

  /** All (id, name) pairs in order of id: standard names come before custom ones. */
  entries(): [number, string][] {
    return [...this.#nameById].sort((a, b) => a[0] - b[0]);
  }
}
