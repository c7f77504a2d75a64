import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCloud } from './support/cloud.js';

/** Two cells of five hosts with five CPUs each, not overcommitted: fifty places for the smallest flavor. */
const FIFTY_PLACES = [
  '--cells',
  '2',
  '--hosts',
  '5',
  '--host-vcpus',
  '5',
  '--cpu-allocation-ratio',
  '1',
  '--no-proof',
  '--notification-format',
  'versioned',
];

describe('a full cloud', () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await TestCloud.start(FIFTY_PLACES);
  }, 240_000);
  afterAll(() => cloud.stop(), 120_000);

  it('gives 50 places to 100 requests at once, ends the rest with a clear fault, and is empty after all are deleted', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, index) => cloud.client.boot(`full-${index}`)));
    const servers = await cloud.client.settled('full-', 100, 120);
    const active = servers.filter((server) => server.status === 'ACTIVE');
    const failed = servers.filter((server) => server.status === 'ERROR');
    expect([active.length, failed.length]).toEqual([50, 50]);
    expect(failed.every((server) => server.fault?.message.startsWith('No valid host was found.'))).toBe(true);
    expect([...(await cloud.client.consumers())].sort()).toEqual(active.map((server) => server.id).sort());
    await cloud.client.deleteAll('full-', 60);
    expect(await cloud.client.consumers()).toEqual([]);
  }, 240_000);
});
