import { processEnvironment } from '@kilonova/config';
import { useBroker } from '@kilonova/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCloud } from './support/cloud.js';

/** Boots under way when a process is killed; `make chaos` has more. */
const BOOTS = Number(processEnvironment()['BOOTS_UNDER_WAY'] ?? 48);

/** Every service as its own process on a real broker; any of them may die at any moment. */
describe(`${BOOTS} boots under way`, () => {
  const broker = useBroker();
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await TestCloud.start([
      '--amqp',
      broker.url,
      '--cells',
      '2',
      '--hosts',
      '5',
      '--no-proof',
      '--notification-format',
      'versioned',
      '--log-level',
      'warn',
    ]);
  }, 240_000);
  afterAll(() => cloud.stop(), 120_000);

  it.each(['super-conductor', 'scheduler', 'cell1-conductor', 'cell1-agent', 'placement', 'compute-api'])(
    'all end when %s is killed, with one allocation for each active server and none besides',
    async (service) => {
      const prefix = `kill-${service}-`;
      const there = new Set(await cloud.client.consumers());
      const added = async () => (await cloud.client.consumers()).filter((consumer) => !there.has(consumer));
      const boots = Array.from({ length: BOOTS }, (_, index) => cloud.client.boot(`${prefix}${index}`));
      await Promise.all(boots.slice(0, BOOTS / 2));
      cloud.kill(service);
      await Promise.all(boots);
      const servers = await cloud.client.settled(prefix, BOOTS, 150);
      const active = servers.filter((server) => server.status === 'ACTIVE').map((server) => server.id);
      const failed = servers.filter((server) => server.status === 'ERROR');
      expect(failed.every((server) => (server.fault?.message ?? '') !== '')).toBe(true);
      expect((await added()).sort()).toEqual([...active].sort());
      await cloud.client.deleteAll(prefix, 90);
      expect(await added()).toEqual([]);
    },
    400_000,
  );

  it('leaves no dead letter behind', async () => {
    expect((await cloud.kilonova('dlq', 'list')).trim().split('\n')).toHaveLength(2);
  }, 60_000);
});
