import { loadConfig } from '@kilonova/config';
import { migrationsDirOf } from '@kilonova/sql';
import { type TestDatabase, useDatabase } from '@kilonova/testing';
import { afterAll, beforeAll } from 'vitest';
import { placementSections, type RunningPlacement, startPlacement } from '../index.js';
import { PlacementCaller } from './placement-caller.js';

type Flags = NonNullable<Parameters<typeof loadConfig>[0]['flags']>;

/** The configuration of a test: believes tokens, takes a free port, writes no log. */
export const testConfig = (url: string, flags: Flags = {}) =>
  loadConfig({
    sections: placementSections,
    env: {},
    flags: {
      database: { url, poolSize: 8 },
      http: { port: 0 },
      auth: { strategy: 'noauth2' },
      log: { level: 'silent' },
      ...flags,
    },
  });

/** Placement in this process on a database of the test file's own; usable inside hooks and tests. */
export interface PlacementUnderTest {
  readonly database: TestDatabase;
  readonly call: PlacementCaller;
}

/** Call at the top of a test file or describe block. */
export function usePlacement(flags: Flags = {}): PlacementUnderTest {
  const database = useDatabase(migrationsDirOf(import.meta.url));
  let running: RunningPlacement | undefined;
  beforeAll(async () => {
    running = await startPlacement({ config: testConfig(database.url, flags) });
  });
  afterAll(() => running?.close());
  return {
    database,
    get call() {
      if (running === undefined) throw new Error('placement is there inside hooks and tests only');
      return new PlacementCaller(running.url);
    },
  };
}
