import { aFlavor } from '@kilonova/compute-samples';
import { expect, it } from 'vitest';
import { transferSeconds } from './transfer-deadline.js';

it.each<[string, number, number, boolean, number]>([
  ['2 GiB at least', 512, 20, false, 2 * 800],
  ['its memory', 8192, 20, false, 8 * 800],
  ['its disk as well, where it goes over', 8192, 20, true, 28 * 800],
  ['a small disk like 2 GiB', 512, 1, true, 4 * 800],
  ['no disk where it has none', 512, 0, true, 2 * 800],
])('a guest may take as long as %s needs', (_what, memory_mb, root_gb, withDisks, seconds) => {
  expect(transferSeconds({ ...aFlavor, memory_mb, root_gb, ephemeral_gb: 0 }, withDisks, 800)).toBe(seconds);
});

it('a guest may take for ever where the operator says so', () => {
  expect(transferSeconds(aFlavor, true, 0)).toBe(0);
});
