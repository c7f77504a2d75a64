import { randomUUID } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRole, roleByName } from '../model/role.js';
import { DirectoryStore } from './directory.store.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'directory-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const addRole = (store: DirectoryStore, name: string) =>
  store.change((directory) => createRole(directory, { id: randomUUID(), name, description: '' }));

/** Names of the roles that a start would find. */
const stored = async () =>
  Object.values((await DirectoryStore.open(folder)).current.roles)
    .map((role) => role.name)
    .sort();

describe('the directory store', () => {
  it('shows a change to nobody before it is on disk', async () => {
    const store = await DirectoryStore.open(folder);
    const adding = addRole(store, 'a');
    expect(roleByName(store.current, 'a')).toBeUndefined();
    await adding;
    expect(roleByName((await DirectoryStore.open(folder)).current, 'a')).toBeDefined();
  });

  it('refuses one change without touching the others of a batch', async () => {
    const store = await DirectoryStore.open(folder);
    const outcomes = await Promise.allSettled(['a', 'b', 'a', 'c'].map((name) => addRole(store, name)));
    // `a` is written alone, the others wait for it and go together.
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await stored()).toEqual(['a', 'b', 'c']);
  });

  it('acknowledges nothing that a broken disk did not take, and goes on when it is mended', async () => {
    const store = await DirectoryStore.open(folder);
    const away = `${folder}-away`;
    renameSync(folder, away);
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((name) => addRole(store, name)));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(store.current.roles).toEqual({});
    renameSync(away, folder);
    await addRole(store, 'd');
    expect(await stored()).toEqual(['d']);
  });

  it('leaves half a write of a killed process alone', async () => {
    await addRole(await DirectoryStore.open(folder), 'a');
    writeFileSync(join(folder, 'directory.json.1.tmp'), '{"format":1,"ro');
    expect(await stored()).toEqual(['a']);
  });

  it('does not start on a file that is not its own', async () => {
    writeFileSync(join(folder, 'directory.json'), '{"format":99}');
    await expect(DirectoryStore.open(folder)).rejects.toThrow('format 99');
  });
});
