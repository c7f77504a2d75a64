import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalRabbitmq, startRabbitmq } from '@kilonova/local-servers';
import { afterAll, beforeAll } from 'vitest';

/** A RabbitMQ node of this test file's own, which it may kill and restart. */
export function useOwnRabbitmq(): { readonly node: () => LocalRabbitmq } {
  let server: LocalRabbitmq | undefined;
  let baseDir = '';
  beforeAll(async () => {
    baseDir = await mkdtemp(join(tmpdir(), 'kilonova-mq-'));
    server = await startRabbitmq({ baseDir });
  });
  afterAll(async () => {
    await server?.stop();
    await rm(baseDir, { recursive: true, force: true });
  });
  return {
    node: () => {
      if (server === undefined) throw new Error('RabbitMQ was not started');
      return server;
    },
  };
}
