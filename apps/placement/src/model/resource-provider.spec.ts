import { expect, it } from 'vitest';
import { parentFault } from './resource-provider.js';

it.each([
  ['a first parent may be set at any version', null, 'p', ['p'], false, undefined],
  ['the same parent is no change', 'p', 'p', ['p'], false, undefined],
  ['before 1.37 a parent stays', 'p', 'q', ['q'], false, 'may-not-reparent'],
  ['nor may it be taken away', 'p', null, [], false, 'may-not-unparent'],
  ['from 1.37 it may change', 'p', 'q', ['q'], true, undefined],
  ['or be taken away', 'p', null, [], true, undefined],
  ['an unknown parent has no line above it', null, 'x', [], true, 'unknown-parent'],
  ['nobody goes below itself', 'p', 'child', ['child', 'self', 'p'], true, 'loop'],
  ['nor is anybody its own parent', null, 'self', ['self'], true, 'loop'],
] as const)('%s', (_title, current, wanted, above, mayMove, fault) => {
  expect(parentFault('self', current, wanted, above, mayMove)).toBe(fault);
});
