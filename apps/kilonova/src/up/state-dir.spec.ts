import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StateDir } from './state-dir.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('the state folder', () => {
  it('L16: lets nobody but its owner into configuration, logs, process ids and secrets', () => {
    const state = StateDir.create(join(folder, 'new'));
    const modes = Object.fromEntries(readdirSync(state.root).map((name) => [name, modeOf(state.path(name))]));
    expect(modes).toEqual({ config: '700', log: '700', run: '700', secrets: '700' });
    expect(modeOf(state.root)).toBe('711');
    expect([state.secret('a'), modeOf(state.path('secrets', 'a'))]).toEqual([state.secret('a'), '600']);
  });

  it('L16: closes what an older version left open', () => {
    const root = join(folder, 'old');
    chmodSync(StateDir.create(root).path('log'), 0o755);
    expect(modeOf(StateDir.create(root).path('log'))).toBe('700');
  });

  it('is not made where a running cloud is looked for', () => {
    const wrong = join(folder, 'wrong');
    expect(() => StateDir.existing(wrong)).toThrow(`${wrong} is no state folder of a cloud`);
    expect(existsSync(wrong)).toBe(false);
    expect(StateDir.existing(StateDir.create(join(folder, 'right')).root).root).toBe(join(folder, 'right'));
  });
});
