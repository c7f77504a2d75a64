import type { Config } from '@kilonova/config';
import { createLogger } from '@kilonova/observability';
import { Module } from '@nestjs/common';
import { expect, it } from 'vitest';
import { startServices } from './start-services.js';

@Module({})
class Nothing {}

const definition = { name: 'n', sections: [], bus: () => ({}) as never, module: Nothing };
const logger = createLogger({ name: 'n', level: 'silent' });
const [first, second] = [{} as Config, {} as Config];

/** Starts that note what they were given, and what was closed again. */
function services(failing?: Config) {
  const closed: Config[] = [];
  const start = async (_: unknown, { config }: { readonly config: Config }) => {
    if (config === failing) throw new Error('no broker');
    return { close: async () => void closed.push(config) };
  };
  return { closed, run: () => startServices(definition, [first, second], logger, start) };
}

it('starts one of a service for each configuration, and closes them together', async () => {
  const { closed, run } = services();
  const running = await run();
  expect(closed).toEqual([]);
  await running.close();
  expect(closed).toEqual([first, second]);
});

it('closes those that came up when one does not', async () => {
  const { closed, run } = services(second);
  await expect(run()).rejects.toThrow('no broker');
  expect(closed).toEqual([first]);
});
