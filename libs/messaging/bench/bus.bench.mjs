// Measures calls and casts through one broker, and fails when they miss their budget.
//   npm run build && node libs/messaging/bench/bus.bench.mjs amqp://user:password@host:port/vhost
// `memory://x` measures the in-process driver.
import { randomUUID } from 'node:crypto';
import { createBusServer, createMessageBus } from '@kilonova/messaging';
import { systemCtx } from '@kilonova/util';

/** What the design asks for on a laptop with the broker on the same machine. */
const BUDGET = { callP50Ms: 1, castsPerSecond: 5_000 };
const SERIAL_CALLS = 3_000;
const PARALLEL_CALLS = 12_800;
const CASTS = 20_000;
const BATCH = 500;

const url = process.argv[2];
if (url === undefined) throw new Error('The URL of a broker is needed as argument.');
const cell = `bench${Date.now()}`;
const target = { topic: 'conductor' };
const ctx = systemCtx('bench');
const args = { text: 'x'.repeat(450) };

let handled = 0;
const bus = createMessageBus({ url, cell });
const server = createBusServer({ url, cell, topic: 'conductor', prefetch: 256 }, async (_method, given) => {
  handled++;
  return given;
});
await server.start();

const seconds = async (work) => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
};
const percentile = (sorted, p) => sorted[Math.floor(sorted.length * p)];

const ping = { name: 'ping', topic: target.topic, kind: 'call', level: 'cell', version: '1.0', args: {} };
for (let i = 0; i < 500; i++) await bus.call(ctx, ping, target, args);
const latencies = [];
for (let i = 0; i < SERIAL_CALLS; i++) latencies.push(1_000 * (await seconds(() => bus.call(ctx, ping, target, args))));
latencies.sort((a, b) => a - b);
const callP50Ms = percentile(latencies, 0.5);

const callers = Array.from({ length: 64 }, async () => {
  for (let i = 0; i < PARALLEL_CALLS / 64; i++) await bus.call(ctx, ping, target, args);
});
const parallel = PARALLEL_CALLS / (await seconds(() => Promise.all(callers)));

handled = 0;
const envelopes = () => Array.from({ length: BATCH }, () => ({ messageId: randomUUID(), target, method: 'cast', args, ctx }));
const castSeconds = await seconds(async () => {
  for (let sent = 0; sent < CASTS; sent += BATCH) await bus.castMany(envelopes());
  while (handled < CASTS) await new Promise((resolve) => setTimeout(resolve, 1));
});
const castsPerSecond = CASTS / castSeconds;

console.log(`call, one at a time   p50 ${callP50Ms.toFixed(2)} ms, p99 ${percentile(latencies, 0.99).toFixed(2)} ms`);
console.log(`call, 64 at a time    ${Math.round(parallel)}/s`);
console.log(`cast to handled       ${Math.round(castsPerSecond)}/s`);
await server.close();
await bus.close();
if (callP50Ms > BUDGET.callP50Ms || castsPerSecond < BUDGET.castsPerSecond) {
  console.error(`Over budget: ${JSON.stringify(BUDGET)}`);
  process.exitCode = 1;
}
