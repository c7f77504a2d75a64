import { expect } from 'vitest';
import { type MalformedOptions, sendMalformed } from './malformed-run.js';

/** Bytes by which the heap of a process may have grown after a run: a bound on what is kept of requests. */
const MOST_GROWTH = 20_000_000;
/** Fewer kinds of answers, and the requests were all refused at the same door. */
const FEWEST_STATUSES = 6;

/** Sends malformed requests, prints seed and answers, and expects no fault, nothing kept, and answers of many kinds. */
export async function expectUnharmed(options: MalformedOptions): Promise<void> {
  console.log(`seed ${options.seed}`);
  const { faults, statuses, grownBytes } = await sendMalformed(options);
  const told = [...statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${status}: ${times}`);
  console.log(told.join(', '), `heap +${grownBytes}`);
  expect(faults).toEqual([]);
  expect(grownBytes).toBeLessThan(MOST_GROWTH);
  expect(statuses.size).toBeGreaterThanOrEqual(FEWEST_STATUSES);
}
