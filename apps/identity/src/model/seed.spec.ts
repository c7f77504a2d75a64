import { expect, it } from 'vitest';
import { emptyDirectory } from './directory.js';
import { plantSeed } from './seed.js';

let next = 0;
const sources = { newId: () => `id-${next++}`, passwordHashes: new Map() };
const SEED = {
  projects: [{ name: 'service' }],
  users: [{ name: 'shared', password: 'x', roles: [{ role: 'admin', project: 'service' }] }],
};

it('M3: a user of an earlier release who must not be there any more is removed with every role', () => {
  const before = plantSeed(emptyDirectory(), SEED, sources);
  const seed = { users: [{ name: 'agent', password: 'y' }], absent_users: ['shared', 'never-there'] };
  const after = plantSeed(before, seed, sources);
  expect(Object.values(after.users).map(({ name }) => name)).toEqual(['agent']);
  expect([before.assignments.length, after.assignments.length]).toEqual([1, 0]);
  expect(plantSeed(after, seed, sources)).toBe(after);
});
