import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { StateDir } from '../up/state-dir.js';
import { placementCommand } from './placement.command.js';

afterEach(() => vi.restoreAllMocks());

/** What `kilonova placement …` prints. */
async function printed(...words: readonly string[]): Promise<string> {
  let text = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  await new Command('kilonova').addCommand(placementCommand()).parseAsync(['placement', ...words], { from: 'user' });
  return text;
}

describe('kilonova placement openapi', () => {
  it('prints the document, and nothing else, without a configuration', async () => {
    const document = JSON.parse(await printed('openapi'));
    expect([document.openapi, document.info.title]).toEqual(['3.1.0', 'Placement']);
    expect(Object.keys(document.paths['/resource_classes/{name}'].put.responses)).toEqual(['200', '201', '204', 'default']);
  });

  it('is told of in the help', () => {
    expect(placementCommand().helpInformation()).toMatch(/openapi +Print its API as an OpenAPI 3\.1 document/);
  });
});

describe('kilonova placement … --state-dir', () => {
  it('works on the placement of that cloud, and tells where there is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'placement-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const state = StateDir.create(join(folder, 'state'));
    state.write(['config', 'placement.yaml'], 'database: {url: "postgres://h/d", colour: red}', 0o600);
    await expect(printed('db', 'version', '--state-dir', state.root)).rejects.toThrow(
      /database\.colour: is no option .*placement\.yaml/,
    );
    await expect(printed('db', 'version', '--state-dir', join(folder, 'wrong'))).rejects.toThrow('is no state folder of a cloud');
  });
});
