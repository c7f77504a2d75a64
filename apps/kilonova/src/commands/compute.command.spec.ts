import { Command } from 'commander';
import { afterEach, expect, it, vi } from 'vitest';
import { computeCommand } from './compute.command.js';

afterEach(() => vi.restoreAllMocks());

it('prints the document of the Compute API, and nothing else, without a configuration', async () => {
  let text = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  await new Command('kilonova').addCommand(computeCommand()).parseAsync(['compute', 'openapi'], { from: 'user' });
  const document = JSON.parse(text);
  expect([document.openapi, document.info.title]).toEqual(['3.1.0', 'Compute']);
  expect(Object.keys(document.paths['/v2.1/servers/{id}'])).toEqual(['get', 'put', 'delete']);
});
