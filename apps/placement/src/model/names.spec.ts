import { expect, it } from 'vitest';
import { standardResourceClasses, standardTraits } from '../catalog/index.js';
import { isCustomName, NAME_PATTERN } from './names.js';

it.each([
  ['CUSTOM_GOLD', true],
  ['CUSTOM_', false],
  ['GOLD', false],
  ['CUSTOM_gold', false],
  ['CUSTOM_A-B', false],
  [`CUSTOM_${'A'.repeat(248)}`, true],
  [`CUSTOM_${'A'.repeat(249)}`, false],
])('%s may be made: %s', (name, wanted) => expect(isCustomName(name)).toBe(wanted));

it('standard names are what was counted, well formed, each once and none custom', () => {
  const [traits, classes] = [standardTraits(), standardResourceClasses()];
  expect([traits.length, classes.length]).toEqual([377, 21]);
  expect(classes.slice(0, 3)).toEqual(['VCPU', 'MEMORY_MB', 'DISK_GB']);
  for (const names of [traits, classes]) {
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !new RegExp(NAME_PATTERN).test(name) || isCustomName(name))).toEqual([]);
  }
});
