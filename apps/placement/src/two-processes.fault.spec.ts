import { migrationsDirOf } from '@kilonova/sql';
import { eventually, testLength, useDatabase } from '@kilonova/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { contradictions, Forest, LoadClient, runMixedLoad, settledFaults, Tally } from './spec-support/mixed-load/index.js';
import { compilePlacement, PlacementProcess } from './spec-support/placement-process.js';

/** Of each load. KILONOVA_TEST_SECONDS makes it longer. */
const { seconds } = testLength({ seconds: 5 });
const WAITING_MS = seconds * 1000 + 90_000;

const database = useDatabase(migrationsDirOf(import.meta.url));
let one: PlacementProcess;
let two: PlacementProcess;
let client: LoadClient;

beforeAll(async () => {
  await compilePlacement();
  [one, two] = await Promise.all([PlacementProcess.start(database.url), PlacementProcess.start(database.url)]);
  await one.call.put('/resource_classes/CUSTOM_LIFE', undefined);
});
afterAll(() => Promise.all([one?.close(), two?.close()]));
beforeEach(async () => {
  client = new LoadClient([one.call, two.call], await Forest.plant(one.call, 24), new Tally());
});

/** Looks for contradictions while the load goes on; answers those found. */
async function watched(load: Promise<void>): Promise<string[]> {
  const db = await database.dataSource();
  const found: string[] = [];
  let going = true;
  const ended = load.finally(() => {
    going = false;
  });
  await eventually(
    async () => {
      found.push(...(await contradictions(db)));
      return !going;
    },
    { deadlineMs: WAITING_MS, everyMs: 250 },
  );
  await ended;
  return found;
}

const EVERYTHING = ['claim', 'move', 'confirm', 'delete', 'reshape', 'change', 'life', 'look'];

const didEverything = (tally: Tally): boolean => EVERYTHING.every((what) => tally.of(what) > 0);

/** On a slow machine what is rare may have met the killed process each time. */
const triedEverything = (tally: Tally): boolean =>
  EVERYTHING.every((what) => tally.of(what) + tally.of(`${what} unanswered`) + tally.of(`${what} refused`) > 0);

describe('two processes on one database', () => {
  it(
    'exceed no capacity, keep usage and allocations equal, and show each acknowledged write at once',
    async () => {
      const found = await watched(runMixedLoad(client, seconds, () => didEverything(client.tally)));
      console.log(`${seconds} s of load: ${client.tally}`);
      expect([...client.tally.wrong, ...found]).toEqual([]);
      expect(await settledFaults(client, [one.call, two.call], await database.dataSource())).toEqual([]);
      expect(didEverything(client.tally), String(client.tally)).toBe(true);
    },
    WAITING_MS,
  );

  it(
    'lose nothing that was acknowledged when one is killed and started again',
    async () => {
      let isBack = false;
      const load = runMixedLoad(client, seconds, () => isBack && triedEverything(client.tally));
      await eventually(() => client.tally.of('claim') > 50 && client.tally.of('move') > 10, { deadlineMs: 30_000 });
      await two.kill();
      await eventually(() => client.tally.of('claim unanswered') > 0);
      await two.restart();
      isBack = true;
      const found = await watched(load);
      console.log(`killed once in ${seconds} s of load: ${client.tally}`);
      expect([...client.tally.wrong, ...found]).toEqual([]);
      expect(await settledFaults(client, [one.call, two.call], await database.dataSource())).toEqual([]);
      expect(triedEverything(client.tally), String(client.tally)).toBe(true);
    },
    WAITING_MS,
  );
});
