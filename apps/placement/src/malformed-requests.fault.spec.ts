import { migrationsDirOf } from '@kilonova/sql';
import { bytesOf, exchange, testLength, useDatabase } from '@kilonova/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerFault } from './spec-support/malformed/answer-fault.js';
import { UUIDS } from './spec-support/malformed/arbitrary-body.js';
import { requestArbitrary } from './spec-support/malformed/arbitrary-request.js';
import { compilePlacement, PlacementProcess } from './spec-support/placement-process.js';

/** KILONOVA_TEST_RUNS makes more, KILONOVA_TEST_SEED the same ones again. */
const { runs, seed = Date.now() % 2 ** 31 } = testLength({ runs: 1000 });

/** A process that has answered its first requests goes on growing for a while, whatever it is asked. */
const MOST_GROWTH = 150_000_000;

const database = useDatabase(migrationsDirOf(import.meta.url));
let placement: PlacementProcess;

beforeAll(async () => {
  await compilePlacement();
  placement = await PlacementProcess.start(database.url);
  for (const uuid of UUIDS.slice(0, 2)) await placement.call.post('/resource_providers', { name: uuid, uuid });
  await placement.call.put(`/resource_providers/${UUIDS[0]}/inventories`, {
    resource_provider_generation: 0,
    inventories: { VCPU: { total: 1000 } },
  });
});
afterAll(() => placement?.close());

it(
  `answers ${runs} malformed requests without a failure, each error in the documented shape`,
  async () => {
    console.log(`seed ${seed}`);
    const statuses = new Map<number, number>();
    const property = fc.asyncProperty(requestArbitrary, async (request) => {
      const answer = await exchange(placement.call.url, request);
      if (answer === undefined) return;
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      expect(answerFault(request, answer), bytesOf(request).toString('latin1').slice(0, 2000)).toBeUndefined();
    });
    const before = await placement.residentBytes();
    await fc.assert(property, { numRuns: runs, seed });
    const grown = (await placement.residentBytes()) - before;
    console.log(
      [...statuses]
        .sort(([a], [b]) => a - b)
        .map(([status, times]) => `${status}: ${times}`)
        .join(', '),
      `resident +${grown}`,
    );
    // Pages that a collector has freed stay with the process: this bounds a leak, not a byte.
    if (!Number.isNaN(grown)) expect(grown).toBeLessThan(MOST_GROWTH);
    expect((await placement.call.get('/resource_providers')).status).toBe(200);
    expect(placement.output).toBe('');
    expect(statuses.size).toBeGreaterThan(6);
  },
  runs * 50 + 60_000,
);
