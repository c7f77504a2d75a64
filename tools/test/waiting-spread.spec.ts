import { expect, it } from 'vitest';
import { spread } from './waiting-spread.mjs';

it('puts two others after each file that waits, in the order they had, and what is left at the end', () => {
  const files = [
    '1.spec.ts',
    '2.e2e.spec.ts',
    '3.int.spec.ts',
    '4.fault.spec.ts',
    '5.prop.spec.ts',
    '6.int.spec.ts',
    '7.spec.ts',
  ];
  expect(spread(files, (file) => file)).toEqual([
    '2.e2e.spec.ts',
    '1.spec.ts',
    '3.int.spec.ts',
    '4.fault.spec.ts',
    '5.prop.spec.ts',
    '6.int.spec.ts',
    '7.spec.ts',
  ]);
  expect(spread(['a.fault.spec.ts', 'b.e2e.spec.ts'], (file) => file)).toEqual(['a.fault.spec.ts', 'b.e2e.spec.ts']);
});
