import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { composeLayout, databaseAccess, databaseSecret, ownerLayout, ownerOf, SUPERUSER } from '../compose/index.js';
import { UP_DEFAULTS } from '../up/up-options.js';
import { composeCommand } from './compose.command.js';

it('`compose files` makes every secret that the later steps need, which may only read them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'compose-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const words = ['files', '--state-dir', join(folder, 'cloud'), '--settings', join(folder, 'settings')];
  await composeCommand().parseAsync(words, { from: 'user' });
  const made = new Set(readdirSync(join(folder, 'cloud', 'secrets')));
  const needed = new Set<string>();
  const secret = (name: string): string => {
    needed.add(name);
    return 'x';
  };
  const options = { ...UP_DEFAULTS, agents: 2 };
  composeLayout(options, secret);
  ownerLayout(options, secret);
  const roles = databaseAccess('kilonova', ['cell1', 'cell2']).flatMap(({ writers, readers }) => [...writers, ...readers]);
  for (const role of [SUPERUSER, ownerOf('kilonova'), ...roles]) secret(databaseSecret(role));
  expect([...needed].filter((name) => !made.has(name))).toEqual([]);
});
