import type { InventoryRecord } from './records.js';

const FIRST_CAPACITY = 64;

/**
 * Inventories in columns, one slot each; freed slots are reused. A provider keeps the list of its slots, which is short
 * (one per resource class), so a class is found by looking through it.
 */
export class InventoryTable {
  classId = new Int32Array(FIRST_CAPACITY);
  total = new Int32Array(FIRST_CAPACITY);
  reserved = new Int32Array(FIRST_CAPACITY);
  minUnit = new Int32Array(FIRST_CAPACITY);
  maxUnit = new Int32Array(FIRST_CAPACITY);
  stepSize = new Int32Array(FIRST_CAPACITY);
  ratio = new Float64Array(FIRST_CAPACITY);
  used = new Float64Array(FIRST_CAPACITY);
  readonly #free: number[] = [];
  #next = 0;

  /** Stores an inventory and returns its slot. */
  add(record: InventoryRecord): number {
    const slot = this.#free.pop() ?? this.#next++;
    if (slot >= this.classId.length) this.#grow();
    this.write(slot, record);
    return slot;
  }

  write(slot: number, record: InventoryRecord): void {
    this.classId[slot] = record.classId;
    this.total[slot] = record.total;
    this.reserved[slot] = record.reserved;
    this.minUnit[slot] = record.minUnit;
    this.maxUnit[slot] = record.maxUnit;
    this.stepSize[slot] = record.stepSize;
    this.ratio[slot] = record.allocationRatio;
    this.used[slot] = record.used;
  }

  read(slot: number): InventoryRecord {
    return {
      classId: this.classId[slot]!,
      total: this.total[slot]!,
      reserved: this.reserved[slot]!,
      minUnit: this.minUnit[slot]!,
      maxUnit: this.maxUnit[slot]!,
      stepSize: this.stepSize[slot]!,
      allocationRatio: this.ratio[slot]!,
      used: this.used[slot]!,
    };
  }

  release(slot: number): void {
    this.#free.push(slot);
  }

  /** What may be allocated in all, not truncated: the check of an allocation compares with this. */
  limit(slot: number): number {
    return (this.total[slot]! - this.reserved[slot]!) * this.ratio[slot]!;
  }

  clear(): void {
    this.#free.length = 0;
    this.#next = 0;
  }

  #grow(): void {
    const size = this.classId.length * 2;
    this.classId = resized(this.classId, new Int32Array(size));
    this.total = resized(this.total, new Int32Array(size));
    this.reserved = resized(this.reserved, new Int32Array(size));
    this.minUnit = resized(this.minUnit, new Int32Array(size));
    this.maxUnit = resized(this.maxUnit, new Int32Array(size));
    this.stepSize = resized(this.stepSize, new Int32Array(size));
    this.ratio = resized(this.ratio, new Float64Array(size));
    this.used = resized(this.used, new Float64Array(size));
  }
}

/** The larger array with the smaller one's content. */
export function resized<T extends Int32Array | Float64Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
