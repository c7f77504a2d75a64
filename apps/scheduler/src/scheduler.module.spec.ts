import { randomUUID } from 'node:crypto';
import { messages } from '@kilonova/compute-objects';
import { aRequestSpec } from '@kilonova/compute-samples';
import { loadConfig } from '@kilonova/config';
import { createMessageBus } from '@kilonova/messaging';
import { MemoryPlacement, PlacementClient } from '@kilonova/placement-client';
import { startService } from '@kilonova/service';
import { systemCtx } from '@kilonova/util';
import { Test } from '@nestjs/testing';
import { expect, it } from 'vitest';
import { schedulerSections } from './config.js';
import { scheduler } from './scheduler.service.js';
import { SchedulingWorld } from './world/world.port.js';

/** No cell has a host. */
const emptyWorld: Pick<SchedulingWorld, 'aggregates' | 'hosts' | 'refresh'> = {
  refresh: async () => undefined,
  aggregates: async () => [],
  hosts: async () => ({ found: [], silent: [] }),
};

/** With cells and databases away, and such a placement. */
function started(placement: PlacementClient) {
  const url = `memory://scheduler-${randomUUID()}`;
  const defaults = { messaging: { url }, apiDatabase: { url: 'postgresql://nobody@127.0.0.1:1/none' }, log: { level: 'silent' } };
  const running = startService(scheduler, {
    config: loadConfig({ sections: schedulerSections, env: {}, defaults }),
    create: async (module, strategy) => {
      const testing = Test.createTestingModule({ imports: [module] });
      testing.overrideProvider(PlacementClient).useValue(placement);
      testing.overrideProvider(SchedulingWorld).useValue(emptyWorld);
      return (await testing.compile()).createNestMicroservice({ strategy, logger: false });
    },
  });
  return { url, running };
}

it('refuses to start with a placement that is too old', async () => {
  const placement = new MemoryPlacement();
  placement.maxVersion = async () => '1.29';
  await expect(started(placement).running).rejects.toMatchObject({
    faults: ['Placement API: It speaks 1.29 at most; 1.36 is needed.'],
  });
});

it('answers requests as composed, and ends', async () => {
  const { url, running: starting } = started(new MemoryPlacement());
  const running = await starting;
  const bus = createMessageBus({ url, cell: 'api' });
  try {
    const args = { request_spec: aRequestSpec(randomUUID()), instance_uuids: [randomUUID()], return_alternates: false };
    const result = await bus.call(systemCtx(), messages.selectDestinations, { topic: 'scheduler' }, args);
    expect(result).toMatchObject({ outcome: 'no-valid-host' });
  } finally {
    await bus.close();
    await running.close();
  }
});
