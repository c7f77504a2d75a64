import type { LoadClient } from './load-client.js';
import { changeProvider, liveAndDie } from './provider-changes.js';
import { reshapeTree } from './reshaping.js';
import { Tenant } from './tenant.js';

const TENANTS = 24;

/** A slow machine gets so much more time until it is enough. */
const LONGER_MS = 60_000;

/**
 * 32 workers at once until the time is over and it is enough: 24 tenants, 3 reshape, 3 change providers, 2 make providers and
 * end them.
 */
export async function runMixedLoad(client: LoadClient, seconds: number, isEnough: () => boolean): Promise<void> {
  const tenants = Array.from({ length: TENANTS }, () => {
    const tenant = new Tenant(client);
    return () => tenant.step();
  });
  const others = [reshapeTree, reshapeTree, reshapeTree, changeProvider, changeProvider, changeProvider, liveAndDie, liveAndDie];
  const workers = [...tenants, ...others.map((work) => () => work(client))];
  const end = performance.now() + seconds * 1000;
  await Promise.all(
    workers.map(async (work) => {
      while (performance.now() < end || (!isEnough() && performance.now() < end + LONGER_MS)) await work();
    }),
  );
}
