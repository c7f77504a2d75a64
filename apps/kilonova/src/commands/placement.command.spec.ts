import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
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
