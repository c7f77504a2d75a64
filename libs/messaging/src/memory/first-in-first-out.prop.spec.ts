import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FirstInFirstOut } from './first-in-first-out.js';

describe('FirstInFirstOut', () => {
  it('acts like an array under any sequence of operations', () => {
    const operations = fc.array(
      fc.oneof(fc.record({ push: fc.nat() }), fc.record({ unshift: fc.nat() }), fc.constant('shift' as const)),
      { maxLength: 5_000, size: 'max' },
    );
    fc.assert(
      fc.property(operations, (steps) => {
        const queue = new FirstInFirstOut<number>();
        const model: number[] = [];
        for (const step of steps) {
          if (step === 'shift') expect(queue.shift()).toBe(model.shift());
          else if ('push' in step) {
            queue.push(step.push);
            model.push(step.push);
          } else {
            queue.unshift(step.unshift);
            model.unshift(step.unshift);
          }
          expect(queue.length).toBe(model.length);
        }
      }),
      { numRuns: 50 },
    );
  });
});
