// Sends one call again and again over one connection, in a thread with a heap of its own: collecting the garbage of a small
// program takes no time that would be mistaken for the server's.
// Takes { target, path, warming, count }, see client.mjs; tells { times, bytes }: milliseconds each, bytes of the last answer.
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { openClient, sendChecked } from './client.mjs';

const { target, path, warming, count } = workerData;
const call = { method: 'GET', path };
const client = openClient(target, 1);

async function timed() {
  const from = performance.now();
  const { bytes } = await sendChecked(client, call);
  return { ms: performance.now() - from, bytes };
}

for (let n = 0; n < warming; n += 1) await timed();
parentPort.postMessage('warm');
const times = [];
let last;
for (let n = 0; n < count; n += 1) {
  last = await timed();
  times.push(last.ms);
}
client.close();
parentPort.postMessage({ times, bytes: last.bytes });
