import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { heldShape, keepShape, shapeOf } from './shape.js';
import { StateDir } from './state-dir.js';

it.each([
  [{}, undefined, { cells: 2, hosts: 2 }],
  [{ cells: 1 }, undefined, { cells: 1, hosts: 2 }],
  [{}, { cells: 3, hosts: 10 }, { cells: 3, hosts: 10 }],
  [{ cells: 4 }, { cells: 3, hosts: 10 }, { cells: 4, hosts: 10 }],
])('asked for %j over %j it is %j', (asked, held, shape) => {
  expect(shapeOf(asked, held)).toEqual(shape);
});

it('less than a state folder holds is refused, each with its option', () => {
  expect(() => shapeOf({ cells: 1, hosts: 1 }, { cells: 2, hosts: 5 })).toThrow(
    /^--cells 1: the state folder holds 2 cells,.*\n--hosts 1: the state folder holds 5 hosts in each cell,/,
  );
});

it('is kept in the state folder', () => {
  const root = mkdtempSync(join(tmpdir(), 'shape-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  expect(heldShape(root)).toBeUndefined();
  const state = StateDir.create(root);
  keepShape(state, { cells: 3, hosts: 4 });
  expect(heldShape(root)).toEqual({ cells: 3, hosts: 4 });
  writeFileSync(state.path('config', 'shape.json'), '{');
  expect(heldShape(root)).toBeUndefined();
});
