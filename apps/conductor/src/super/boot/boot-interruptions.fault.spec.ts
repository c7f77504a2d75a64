import { BootRepository, BuildRequestRepository } from '@kilonova/api-db';
import { BuildRepository } from '@kilonova/cell-db';
import { nodeUuidOf } from '@kilonova/compute-samples';
import { eventually } from '@kilonova/testing';
import { AppError, type Ctx, newRequestId, systemCtx } from '@kilonova/util';
import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { type Fate, fated } from '../../spec-support/fates.js';
import { aBoot } from '../../spec-support/samples.js';
import type { ScheduleAndBuild } from './schedule-and-build.service.js';

// Two conductors are told of the same boots, each again and again until it gets through; calls of theirs fail before or
// after they take effect, and users give boots up in between. However it goes, each boot ends in one place.
const cloud = useCloud();
afterEach(() => void vi.restoreAllMocks());

/** Everything counts as overdue at once. */
const SWEEPING = { 'sweeper.enabled': 'true', 'sweeper.overdueSeconds': '0.1' };

async function untilThrough(conductor: ScheduleAndBuild, ctx: Ctx, uuids: readonly string[]): Promise<void> {
  for (let attempt = 1; attempt < 100; attempt++) {
    try {
      return await conductor.run(ctx, uuids, 1);
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'dependency') throw error;
    }
  }
  throw new Error('never got through');
}

const fates = fc.array(fc.constantFrom<Fate>('done', 'done', 'lost before', 'lost after'), { maxLength: 6 });
const plans = fc.record({
  load: fates,
  prepareMany: fates,
  settle: fates,
  sendMany: fates,
  withdraw: fates,
  boots: fc.integer({ min: 1, max: 5 }),
  /** Boots that are given up, each after so many milliseconds. */
  givenUp: fc.array(fc.record({ boot: fc.nat(4), afterMs: fc.nat(60) }), { maxLength: 3 }),
});

type Plan = typeof plans extends fc.Arbitrary<infer P> ? P : never;

it('ends every boot in one place', { timeout: 120_000 }, async () => {
  cloud.scheduler.hosts = [
    ['h1', cloud.cells.cell1.uuid],
    ['h2', cloud.cells.cell1.uuid],
    ['h3', cloud.cells.cell2.uuid],
  ];
  const conductors = [await cloud.parts(SWEEPING), await cloud.parts(SWEEPING)];
  const requests = new BuildRequestRepository();
  const told = (uuid: string) =>
    [...cloud.agents1.told, ...cloud.agents2.told].filter((message) => message.args.instance_uuid === uuid);
  const rowsOf = async (uuid: string) =>
    [...(await cloud.instances(cloud.cell1)), ...(await cloud.instances(cloud.cell2))].filter(
      (instance) => instance.uuid === uuid,
    );
  const run = async (plan: Plan): Promise<void> => {
    const { load, prepareMany, settle, sendMany, withdraw } = plan;
    fated(BootRepository.prototype, 'load', load);
    fated(BootRepository.prototype, 'settle', settle);
    fated(BuildRepository.prototype, 'prepareMany', prepareMany);
    fated(BuildRepository.prototype, 'sendMany', sendMany);
    fated(BuildRepository.prototype, 'withdraw', withdraw);
    const requestId = newRequestId();
    const boots = Array.from({ length: plan.boots }, () => aBoot(requestId));
    const uuids = boots.map((boot) => boot.instance.uuid);
    await cloud.boots.acceptMany(cloud.api, boots);
    const ctx = { ...systemCtx(), requestId };
    const given = new Set<string>();
    const users = plan.givenUp.map(async ({ boot, afterMs }) => {
      const uuid = uuids[boot % uuids.length] ?? '';
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      if ((await requests.giveUp(cloud.api, uuid)) !== undefined) given.add(uuid);
    });
    await Promise.all([...users, ...conductors.map((parts) => untilThrough(parts.scheduleAndBuild, ctx, uuids))]);
    vi.restoreAllMocks();
    await untilThrough(conductors[0]?.scheduleAndBuild as ScheduleAndBuild, ctx, uuids);
    for (const uuid of uuids) {
      if (given.has(uuid)) {
        await eventually(async () => {
          await cloud.sweep(conductors[0]);
          expect((await rowsOf(uuid)).length).toBe(0);
          expect(cloud.placement.held.has(uuid)).toBe(false);
        });
        expect(told(uuid)).toEqual([]);
      } else {
        await eventually(() => expect(told(uuid)).toHaveLength(1));
        expect(await rowsOf(uuid)).toHaveLength(1);
        expect(cloud.placement.held.get(uuid)).toBe(nodeUuidOf(told(uuid)[0]?.host ?? ''));
      }
    }
    expect(await cloud.buildRequests()).toEqual([]);
  };
  await fc.assert(fc.asyncProperty(plans, run), { numRuns: 40, endOnFailure: true });
});
