import fc from 'fast-check';
import { describe, it } from 'vitest';
import { wideId } from './wide-id.js';

const address = fc.record({ cellId: fc.integer({ min: 0, max: 2000 }), id: fc.integer({ min: 1, max: 999_999 }) });

describe('wide ids', () => {
  it('are never shared by two rows', () => {
    fc.assert(
      fc.property(
        address,
        address,
        (a, b) => (wideId(a.cellId, a.id) === wideId(b.cellId, b.id)) === (a.cellId === b.cellId && a.id === b.id),
      ),
    );
  });
});
