import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messages } from '@kilonova/compute-objects';
import { loadConfig } from '@kilonova/config';
import { createMessageBus } from '@kilonova/messaging';
import { MemoryPlacement, PlacementClient } from '@kilonova/placement-client';
import { startService } from '@kilonova/service';
import { systemCtx } from '@kilonova/util';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CellConductor } from './cell/cell-conductor.client.js';
import { computeAgent } from './compute-agent.service.js';
import { agentSections } from './config.js';
import { ManagedHosts } from './host/managed-host.js';

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'kilonova-agent-module-'));
});
afterEach(() => rmSync(stateDir, { recursive: true }));

/** A cell conductor that knows its hosts, and nothing on them. */
class QuietCell extends CellConductor {
  readonly asked: string[] = [];

  async call(_ctx: unknown, { name }: { readonly name: string }): Promise<never> {
    this.asked.push(name);
    if (name === 'host_work') return { instances: [], steps: [] } as never;
    if (name === 'heartbeat') return { hosts: [], stale: [] } as never;
    return { host: 'h1', disabled: false, report_count: 2 } as never;
  }
}

it('registers its hosts before it takes messages, and takes those of its handlers', async () => {
  const [cell, placement, url] = [new QuietCell(), new MemoryPlacement(), `memory://agent-${randomUUID()}`];
  const config = loadConfig({
    sections: agentSections,
    env: {},
    defaults: { agent: { cell: 'cell1', hosts: ['h1'], stateDir }, messaging: { url }, log: { level: 'silent' } },
  });
  const running = await startService(computeAgent, {
    config,
    create: async (module, strategy) => {
      const testing = Test.createTestingModule({ imports: [module] });
      testing.overrideProvider(CellConductor).useValue(cell).overrideProvider(PlacementClient).useValue(placement);
      return (await testing.compile()).createNestMicroservice({ strategy, logger: false });
    },
  });
  const bus = createMessageBus({ url, cell: 'cell1' });
  try {
    expect(cell.asked).toEqual(['host_work', 'report_host']);
    const uuid = running.app.get(ManagedHosts, { strict: false }).get('h1').uuidOf('h1');
    expect(placement.providers.get(uuid)?.name).toBe('h1');
    expect(
      await bus.call(systemCtx(), messages.setHostEnabled, { topic: 'compute', host: 'h1' }, { host: 'h1', enabled: false }),
    ).toBe(false);
    expect(placement.providers.get(uuid)?.traits).toContain('COMPUTE_STATUS_DISABLED');
  } finally {
    await bus.close();
    await running.close();
  }
});
