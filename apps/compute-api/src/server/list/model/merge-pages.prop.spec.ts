import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePositions, type SortTerm, type SortValue } from './list-order.js';
import { mergePages, type Placed } from './merge-pages.js';

interface Row extends Placed {
  readonly cell: number;
}

/** Two values of one column. */
const pair: fc.Arbitrary<[SortValue, SortValue]> = fc.oneof(
  fc.tuple(fc.option(fc.integer({ min: 0, max: 3 })), fc.option(fc.integer({ min: 0, max: 3 }))),
  fc.tuple(fc.option(fc.constantFrom('a', 'é', '𝒳', '\uffee')), fc.option(fc.constantFrom('a', 'é', '𝒳', '\uffee'))),
);
const order = fc.tuple(fc.constantFrom('asc', 'desc'), fc.constantFrom('asc', 'desc')).map(([first, last]): SortTerm[] => [
  { key: 'host', direction: first as 'asc' },
  { key: 'uuid', direction: last as 'asc' },
]);
/** Servers spread over cells; `value` is of one type per run, as a column is. */
const world = fc.record({
  order,
  values: fc.oneof<fc.Arbitrary<(number | string | null)[]>[]>(
    fc.array(fc.option(fc.integer({ min: 0, max: 3 }))),
    fc.array(fc.option(fc.constantFrom('a', 'b', 'é', '𝒳', '\uffee'))),
  ),
  cells: fc.integer({ min: 1, max: 4 }),
  limit: fc.integer({ min: 1, max: 5 }),
});

describe('merged pages', () => {
  it('are the pages of one sorted list, however the servers are spread over cells', () => {
    fc.assert(
      fc.property(world, ({ order: terms, values, cells, limit }) => {
        const rows: Row[] = values.map((v, index) => ({
          uuid: String(index).padStart(4, '0'),
          position: [v, String(index).padStart(4, '0')],
          cell: index % cells,
        }));
        const sorted = [...rows].sort((a, b) => comparePositions(terms, a.position, b.position));
        const ofCell = (cell: number, after: Row | undefined): Row[] =>
          sorted
            .filter(
              (row) => row.cell === cell && (after === undefined || comparePositions(terms, row.position, after.position) > 0),
            )
            .slice(0, limit);
        const walked: Row[] = [];
        for (;;) {
          const after = walked.at(-1);
          const page = mergePages(
            Array.from({ length: cells }, (_, cell) => ofCell(cell, after)),
            terms,
            limit,
          );
          walked.push(...page);
          if (page.length < limit) break;
        }
        expect(walked).toEqual(sorted);
      }),
    );
  });

  it('have a total order: no two different servers are equal, and swapping turns the sign', () => {
    fc.assert(
      fc.property(order, pair, (terms, [a, b]) => {
        const [x, y] = [
          [a, 'x'],
          [b, 'y'],
        ];
        expect(comparePositions(terms, x, y)).not.toBe(0);
        expect(Math.sign(comparePositions(terms, x, y))).toBe(-Math.sign(comparePositions(terms, y, x)));
      }),
    );
  });

  it('hold a server once that two pages hold, as the later page sees it', () => {
    const terms: SortTerm[] = [{ key: 'uuid', direction: 'asc' }];
    const row = (cell: number): Row => ({ uuid: 'u', position: ['u'], cell });
    expect(mergePages([[row(0)], [row(1)]], terms, 5)).toEqual([row(1)]);
  });
});
