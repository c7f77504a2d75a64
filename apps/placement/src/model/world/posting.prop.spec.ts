import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Posting } from './posting.js';

describe('Posting', () => {
  it('is a sorted set, small or large', () => {
    const edit = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.nat(700));
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 600, size: 'max' }), fc.nat(700), (edits, from) => {
        const posting = new Posting();
        const model = new Set<number>();
        for (const [kind, index] of edits) {
          if (kind === 0) posting.delete(index), model.delete(index);
          else posting.add(index), model.add(index);
        }
        const sorted = [...model].sort((a, b) => a - b);
        expect([...posting]).toEqual(sorted);
        expect(posting.size).toBe(sorted.length);
        expect(posting.next(from)).toBe(sorted.find((index) => index >= from) ?? -1);
        expect(posting.has(from)).toBe(model.has(from));
      }),
      { numRuns: 150 },
    );
  });
});
