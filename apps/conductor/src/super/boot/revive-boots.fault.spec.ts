import { BootRepository } from '@kilonova/api-db';
import { BurialRepository } from '@kilonova/cell-db';
import { eventually } from '@kilonova/testing';
import { AppError } from '@kilonova/util';
import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { type Fate, fated } from '../../spec-support/fates.js';
import { PendingServer } from '../../spec-support/pending-server.js';
import type { ReviveBoots } from './revive-boots.service.js';

// Two conductors are told of the rebuild of a server in cell0, each again until it gets through; calls fail before or after they
// take effect, other conductors schedule it at once, with room or without, and its user may delete it at any moment.
const cloud = useCloud();
afterEach(() => void vi.restoreAllMocks());

const FLAGS = {
  'conductor.usePendingState': 'true',
  'sweeper.enabled': 'true',
  'sweeper.overdueSeconds': '0.1',
  'sweeper.intervalSeconds': '0.05',
};

const fates = fc.array(fc.constantFrom<Fate>('done', 'done', 'lost before', 'lost after'), { maxLength: 4 });
const plans = fc.record({
  revival: fates,
  reopen: fates,
  leave: fates,
  buryMany: fates,
  settle: fates,
  hasRoom: fc.boolean(),
  deletedAfterMs: fc.option(fc.nat(80), { nil: undefined }),
});

async function untilThrough(conductor: ReviveBoots, operation: string): Promise<void> {
  for (let attempt = 1; attempt < 100; attempt++) {
    try {
      return void (await conductor.run(operation));
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'dependency') throw error;
    }
  }
  throw new Error('never got through');
}

it('ends every rebuild of a server in cell0 in one place', { timeout: 120_000 }, async () => {
  const conductors = [await cloud.parts(FLAGS), await cloud.parts(FLAGS)];
  await cloud.conductor('super', FLAGS);
  const places = async (server: PendingServer) => ({
    requests: (await cloud.buildRequests()).length,
    cell0: (await server.row()).length,
    cell1: (await server.row(cloud.cell1)).length,
    mapped: (await cloud.mappings()).find(({ instance_uuid }) => instance_uuid === server.uuid)?.cell_id,
    held: await server.held(),
    claims: cloud.placement.held.has(server.uuid) ? 1 : 0,
  });
  const run = async (plan: typeof plans extends fc.Arbitrary<infer P> ? P : never): Promise<void> => {
    cloud.scheduler.hosts = plan.hasRoom ? [['h1', cloud.cells.cell1.uuid]] : [];
    const server = await PendingServer.in(cloud);
    const rebuild = await server.rebuild();
    fated(BurialRepository.prototype, 'revival', plan.revival);
    fated(BurialRepository.prototype, 'leave', plan.leave);
    fated(BurialRepository.prototype, 'buryMany', plan.buryMany);
    fated(BootRepository.prototype, 'reopen', plan.reopen);
    fated(BootRepository.prototype, 'settle', plan.settle);
    const user = async (): Promise<boolean> => {
      if (plan.deletedAfterMs === undefined) return false;
      await new Promise((resolve) => setTimeout(resolve, plan.deletedAfterMs));
      return server.delete();
    };
    const [deleted] = await Promise.all([
      user(),
      ...conductors.map(({ reviveBoots }) => untilThrough(reviveBoots, rebuild?.operation ?? '')),
    ]);
    vi.restoreAllMocks();
    await eventually(async () => {
      const { mapped, ...found } = await places(server);
      if (deleted) expect(found).toEqual({ requests: 0, cell0: 0, cell1: 0, held: 0, claims: 0 });
      else if (plan.hasRoom)
        expect({ mapped, ...found }).toEqual({
          mapped: cloud.cells.cell1.id,
          requests: 0,
          cell0: 0,
          cell1: 1,
          held: 1,
          claims: 1,
        });
      else
        expect({ mapped, ...found }).toEqual({
          mapped: cloud.cells.cell0.id,
          requests: 0,
          cell0: 1,
          cell1: 0,
          held: 1,
          claims: 0,
        });
    });
  };
  await fc.assert(fc.asyncProperty(plans, run), { numRuns: 40, endOnFailure: true });
});
