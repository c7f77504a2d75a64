import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { answerFault, type ErrorShape } from './answer-fault.js';
import { type FuzzedApi, requestArbitrary } from './arbitrary-request.js';
import { bytesOf, exchange, type RawRequest } from './raw-exchange.js';

export interface MalformedReport {
  /** What was wrong with answers, each kind once with the request that got it; empty is what a test wants. */
  readonly faults: readonly string[];
  /** Status → times. */
  readonly statuses: ReadonlyMap<number, number>;
  /** By how much the heap of this process has grown, bytes: of use where the API runs in it. */
  readonly grownBytes: number;
}

export interface MalformedOptions {
  /** The API's root, which a refresh may have moved. */
  readonly url: () => string;
  /** Asked again after each refresh, as names may be others then. */
  readonly api: () => FuzzedApi;
  readonly shape: ErrorShape;
  readonly runs: number;
  readonly seed: number;
  /** Called before the first request and each hundred later, to make again what requests have removed. */
  readonly refresh?: () => Promise<void>;
}

/** Requests between two refreshes. */
const CHUNK = 100;
/** Faults that are told; more say nothing new. */
const MOST_FAULTS = 20;

/** Sends generated requests, one after another, each on a connection of its own. */
export async function sendMalformed({ url, api, shape, runs, seed, refresh }: MalformedOptions): Promise<MalformedReport> {
  const faults = new Map<string, string>();
  const statuses = new Map<number, number>();
  const chunks = Math.ceil(runs / CHUNK);
  let before = 0;
  for (let chunk = 0; chunk < chunks && faults.size < MOST_FAULTS; chunk++) {
    await refresh?.();
    // What is compiled, connected and cached at first does not count as growth.
    if (chunk === Math.floor(chunks / 4)) before = heapUsed();
    for (const request of fc.sample(requestArbitrary(api()), { numRuns: CHUNK, seed: seed + chunk })) {
      const { status, fault } = await tried(url(), request, shape);
      if (status !== undefined) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (fault !== undefined) faults.set(`${request.method} ${fault.slice(0, 60)}`, fault);
    }
  }
  return { faults: [...faults.values()], statuses, grownBytes: heapUsed() - before };
}

interface Tried {
  readonly status?: number;
  readonly fault?: string;
}

async function tried(url: string, request: RawRequest, shape: ErrorShape): Promise<Tried> {
  const told = (fault: string): string => `${fault}\n${bytesOf(request).toString('latin1').slice(0, 1500)}`;
  try {
    const answer = await exchange(url, request);
    if (answer === undefined) return {};
    const fault = answerFault(request, answer, shape);
    return { status: answer.status, ...(fault === undefined ? {} : { fault: told(fault) }) };
  } catch (error) {
    return { fault: told(String(error)) };
  }
}

/** After a collection, which has to be asked for. */
function heapUsed(): number {
  setFlagsFromString('--expose_gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
