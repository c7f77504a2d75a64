import { describe, expect, it } from 'vitest';
import { type BootBounds, boundCounts } from './boot-count.js';

const bounds: BootBounds = { servers: 100, bytes: 10_000, grouped: false };

describe('C2: how many servers one request may ask for', () => {
  it.each([
    ['within the bounds', { minCount: 3, maxCount: 5 }, 10, bounds, { minCount: 3, maxCount: 5 }],
    ['a maximum beyond the number is cut', { minCount: 1, maxCount: 1e9 }, 10, bounds, { minCount: 1, maxCount: 100 }],
    ['a maximum beyond the bytes is cut', { minCount: 1, maxCount: 100 }, 1000, bounds, { minCount: 1, maxCount: 10 }],
    ['one always may', { minCount: 1, maxCount: 9 }, 1e6, bounds, { minCount: 1, maxCount: 1 }],
    ["members' lists count", { minCount: 1, maxCount: 50 }, 50, { ...bounds, grouped: true }, { minCount: 1, maxCount: 5 }],
  ])('%s', (_, counts, bytes, limits, expected) => {
    expect(boundCounts(counts, bytes, limits)).toEqual(expected);
  });

  it.each([
    ['too many', { minCount: 101, maxCount: 101 }, 10, 'compute.server.too_many'],
    ['too large', { minCount: 11, maxCount: 11 }, 1000, 'compute.server.too_large'],
  ])('refuses a minimum that is %s', (_, counts, bytes, code) => {
    expect(() => boundCounts(counts, bytes, bounds)).toThrow(expect.objectContaining({ kind: 'invalid-input', code }));
  });
});
