import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@kilonova/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCloud } from './support/cloud.js';

describe('a host that cannot spawn', () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await TestCloud.start(['--cells', '1', '--hosts', '3', '--no-proof', '--notification-format', 'versioned']);
  }, 240_000);
  afterAll(() => cloud.stop(), 120_000);

  const breakHosts = (brokenHosts: readonly string[]): void =>
    writeFileSync(join(cloud.stateDir, 'fake-driver.json'), JSON.stringify({ brokenHosts }));

  it('costs an attempt, not the server: an alternate takes it, and the scheduler is asked once', async () => {
    const first = await cloud.client.boot('probe');
    const [probe] = await cloud.client.settled('probe', 1, 30);
    await cloud.client.deleteAll('probe', 30);
    const broken = probe?.['OS-EXT-SRV-ATTR:host'] ?? '';
    breakHosts([broken]);
    const tail = cloud.tail('--event-type', 'scheduler.select_destinations.start', 'instance.create.*');
    await eventually(async () => {
      await cloud.client.boot('warm');
      await cloud.client.settled('warm', 1, 30);
      expect(tail.lines.length).toBeGreaterThan(0);
    });
    const seen = tail.lines.length;
    const id = await cloud.client.boot('alternate');
    const [server] = await cloud.client.settled('alternate', 1, 30);
    expect(first).not.toBe(id);
    expect(server).toMatchObject({ status: 'ACTIVE' });
    expect(server?.['OS-EXT-SRV-ATTR:host']).not.toBe(broken);
    await eventually(() =>
      expect(tail.lines.slice(seen).filter((line) => line.includes('"instance.create.end"') && line.includes(id))).toHaveLength(
        1,
      ),
    );
    const asked = tail.lines.slice(seen).filter((line) => line.includes('select_destinations.start') && line.includes(id));
    expect(asked).toHaveLength(1);
    tail.stop();
  }, 120_000);

  it('everywhere ends the server in ERROR, with a cause and without an allocation', async () => {
    await cloud.client.deleteAll('', 60);
    breakHosts(['*']);
    await cloud.client.boot('nowhere');
    const [server] = await cloud.client.settled('nowhere', 1, 60);
    expect(server).toMatchObject({ status: 'ERROR', fault: { message: expect.stringContaining('Exhausted all hosts') } });
    await eventually(async () => expect(await cloud.client.consumers()).toEqual([]));
    await cloud.client.deleteAll('nowhere', 30);
    breakHosts([]);
  }, 120_000);
});
