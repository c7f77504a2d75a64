import { performance } from 'node:perf_hooks';
import { shareOut } from './share-out.mjs';

/** A measure ends after so many requests though its time is not over. */
const MOST_REQUESTS = 20_000;

/** A measure of slow requests goes on to so many, though its time is over, but not beyond the longest time. */
const LEAST_REQUESTS = 5;
const LONGEST_SECONDS = 30;

const secondsSince = (start) => (performance.now() - start) / 1000;

/** Makes calls until `seconds` have passed since the first was taken, within the bounds above. */
export function* callsFor(seconds, makeCall) {
  const start = performance.now();
  for (let made = 0; made < MOST_REQUESTS; made += 1) {
    const limit = made < LEAST_REQUESTS ? Math.max(seconds, LONGEST_SECONDS) : seconds;
    if (secondsSince(start) >= limit) return;
    yield makeCall();
  }
}

/**
 * Sends calls over `connections` at once, each waiting for its answer before it sends the next; one connection so gives the
 * latency of a lone caller, several what the server can do a second.
 * Resolves to the figures of a row: see figuresOf.
 */
export async function measure({ client, connections, calls, cpuSeconds }) {
  const seen = { times: [], codes: {}, bytes: 0 };
  const cpuBefore = await cpuSeconds();
  const start = performance.now();
  await shareOut(calls, connections, (call) => sendTimed(client, call, seen));
  const seconds = secondsSince(start);
  return figuresOf(seen, seconds, (await cpuSeconds()) - cpuBefore);
}

/** Sends a call and adds to `seen` its milliseconds, bytes and status; of one without answer only the error's code. */
async function sendTimed(client, call, seen) {
  const start = performance.now();
  let code;
  try {
    const { status, bytes } = await client.send(call);
    seen.times.push(performance.now() - start);
    seen.bytes += bytes;
    code = status;
  } catch (error) {
    code = error.code ?? error.message;
  }
  seen.codes[code] = (seen.codes[code] ?? 0) + 1;
}

const rounded = (value) => Number(value.toFixed(2));

/** The smallest of some ascending numbers that at least `part` (0…1) of them do not exceed. */
const quantile = (ascending, part) => ascending[Math.ceil(part * ascending.length) - 1];

/**
 * { samples, median_ms, p99_ms, max_ms, rps, server_cpu_ms, bytes_per_response, codes }: rps is answers a second, server_cpu_ms
 * the server's CPU for one answer or null where unknown, codes how often each status came. Without any answer: samples and codes.
 */
function figuresOf({ times, codes, bytes }, seconds, cpuSeconds) {
  const samples = times.length;
  if (samples === 0) return { samples, codes };
  times.sort((a, b) => a - b);
  return {
    samples,
    median_ms: rounded(quantile(times, 0.5)),
    p99_ms: rounded(quantile(times, 0.99)),
    max_ms: rounded(times[samples - 1]),
    rps: rounded(samples / seconds),
    server_cpu_ms: Number.isNaN(cpuSeconds) ? null : rounded((cpuSeconds * 1000) / samples),
    bytes_per_response: Math.round(bytes / samples),
    codes,
  };
}
