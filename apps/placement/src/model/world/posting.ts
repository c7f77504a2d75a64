/** Above this many members a posting is a bitset; back to a sorted list at half of it, so that it does not flap. */
const LIST_LIMIT = 128;

/**
 * A set of provider indexes: a sorted list while small, a bitset when large. Rare conditions (one aggregate of ten
 * thousand) cost bytes, common ones (VCPU on every host) one bit per provider. `next` stays valid while the set changes
 * between two calls, which lets a search be paused.
 */
export class Posting {
  #list: number[] | undefined = [];
  #words = new Uint32Array(0);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(index: number): boolean {
    if (this.#list !== undefined) return this.#list[lowerBound(this.#list, index)] === index;
    const word = this.#words[index >>> 5];
    return word !== undefined && (word & (1 << (index & 31))) !== 0;
  }

  add(index: number): void {
    if (this.has(index)) return;
    this.#size += 1;
    if (this.#list === undefined) {
      this.#setBit(index);
      return;
    }
    this.#list.splice(lowerBound(this.#list, index), 0, index);
    if (this.#size > LIST_LIMIT) this.#toBits(this.#list);
  }

  delete(index: number): void {
    if (!this.has(index)) return;
    this.#size -= 1;
    if (this.#list !== undefined) {
      this.#list.splice(lowerBound(this.#list, index), 1);
      return;
    }
    this.#words[index >>> 5]! &= ~(1 << (index & 31));
    if (this.#size <= LIST_LIMIT / 2) this.#list = [...this];
  }

  /** The smallest member that is at least `from`; -1 when there is none. */
  next(from: number): number {
    if (this.#list !== undefined) return this.#list[lowerBound(this.#list, from)] ?? -1;
    let at = from >>> 5;
    if (at >= this.#words.length) return -1;
    let word = this.#words[at]! & (0xffffffff << (from & 31));
    while (word === 0) {
      at += 1;
      if (at >= this.#words.length) return -1;
      word = this.#words[at]!;
    }
    return at * 32 + (31 - Math.clz32(word & -word));
  }

  *[Symbol.iterator](): Generator<number> {
    for (let index = this.next(0); index >= 0; index = this.next(index + 1)) yield index;
  }

  #toBits(list: readonly number[]): void {
    this.#list = undefined;
    this.#words = new Uint32Array(0);
    for (const index of list) this.#setBit(index);
  }

  #setBit(index: number): void {
    const at = index >>> 5;
    if (at >= this.#words.length) {
      const grown = new Uint32Array(Math.max(at + 1, this.#words.length * 2, 32));
      grown.set(this.#words);
      this.#words = grown;
    }
    this.#words[at]! |= 1 << (index & 31);
  }
}

/** Position of the first element of the sorted list that is not below `value`. */
function lowerBound(list: readonly number[], value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Postings by key (class, trait or aggregate id); a key without members holds no memory. */
export class PostingIndex {
  readonly #byKey = new Map<number, Posting>();
  static readonly #EMPTY = new Posting();

  /** The members under a key; to be read only. */
  get(key: number): Posting {
    return this.#byKey.get(key) ?? PostingIndex.#EMPTY;
  }

  add(key: number, index: number): void {
    let posting = this.#byKey.get(key);
    if (posting === undefined) this.#byKey.set(key, (posting = new Posting()));
    posting.add(index);
  }

  delete(key: number, index: number): void {
    const posting = this.#byKey.get(key);
    if (posting === undefined) return;
    posting.delete(index);
    if (posting.size === 0) this.#byKey.delete(key);
  }

  clear(): void {
    this.#byKey.clear();
  }
}
