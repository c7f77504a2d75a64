import { describe, expect, it } from 'vitest';
import { capacity, reservedFits } from './inventory.js';

describe('capacity', () => {
  it.each([
    [{ total: 10, reserved: 0, allocationRatio: 1 }, 10],
    [{ total: 8, reserved: 1, allocationRatio: 1.5 }, 10],
    [{ total: 100, reserved: 100, allocationRatio: 16 }, 0],
    [{ total: 3, reserved: 0, allocationRatio: 0.5 }, 1],
    [{ total: 1, reserved: 3, allocationRatio: 1.5 }, -3],
  ])('of %o is %i whole units', (inventory, wanted) => expect(capacity(inventory)).toBe(wanted));
});

describe('reservedFits', () => {
  it.each([
    [10, 9, true, true],
    [10, 10, true, true],
    [10, 10, false, false],
    [10, 9, false, true],
    [10, 11, true, false],
  ])('total %i, reserved %i, all may be reserved: %s → %s', (total, reserved, all, wanted) => {
    expect(reservedFits({ total, reserved }, all)).toBe(wanted);
  });
});
