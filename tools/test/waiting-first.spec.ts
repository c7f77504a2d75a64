import { expect, it } from 'vitest';
import { rankOf } from './waiting-first.mjs';

it('puts clouds before faults, those before servers, and all before what only computes', () => {
  const files = ['a/b.spec.ts', 'a/c.int.spec.ts', 'a/d.prop.spec.ts', 'a/e.fault.spec.ts', 'a/f.e2e.spec.ts'];
  expect(files.toSorted((a, b) => rankOf(a) - rankOf(b))).toEqual([
    'a/f.e2e.spec.ts',
    'a/e.fault.spec.ts',
    'a/c.int.spec.ts',
    'a/b.spec.ts',
    'a/d.prop.spec.ts',
  ]);
});
