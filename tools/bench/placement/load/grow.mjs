import { performance } from 'node:perf_hooks';
import { openClient, sendChecked } from './client.mjs';
import { shareOut } from './share-out.mjs';
import { commonCalls, hostCalls } from './world.mjs';

/** How many hosts are created at a time. */
const HOSTS_AT_ONCE = 8;

/** Creates what every world has. The server must be empty. */
export async function createCommon(target) {
  const client = openClient(target, 1);
  for (const call of commonCalls()) await sendChecked(client, call);
  client.close();
}

function* numbers(from, to) {
  for (let number = from; number < to; number += 1) yield number;
}

/**
 * Grows a world of `from` hosts to one of `to`.
 * Resolves to { to, providers, calls, seconds, calls_per_s }: how many hosts and calls were added, and how quickly.
 */
export async function growWorld(target, from, to) {
  const client = openClient(target, HOSTS_AT_ONCE);
  const start = performance.now();
  let calls = 0;
  await shareOut(numbers(from, to), HOSTS_AT_ONCE, async (host) => {
    for (const call of hostCalls(host)) {
      await sendChecked(client, call);
      calls += 1;
    }
  });
  client.close();
  const seconds = (performance.now() - start) / 1000;
  return { to, providers: to - from, calls, seconds: Number(seconds.toFixed(2)), calls_per_s: Math.round(calls / seconds) };
}
