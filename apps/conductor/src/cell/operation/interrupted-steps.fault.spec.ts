import { BuildRepository, PlacingRepository, StepRepository } from '@kilonova/cell-db';
import type { StepName } from '@kilonova/compute-objects';
import { createMessageBus, type MessageBus } from '@kilonova/messaging';
import { MemoryPlacement } from '@kilonova/placement-client';
import { AppError } from '@kilonova/util';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { Moves } from '../../spec-support/moves.js';
import { STEP_CASES, StepCases } from '../../spec-support/step-cases.js';

// An agent or a conductor dies in every step of every operation. What a conductor loses by that are the answers to what it
// asked of placement and of the database: each of its calls that change something loses its first answer here, the call
// having had its effect. The agent loses that it has the step at all. Ends with SIGKILL: apps/e2e, `killed-steps`.

const cloud = useCloud();
let bus: MessageBus;
const moves = new Moves(cloud, () => bus);
const cases = new StepCases(cloud, moves);

/** What nobody works on any more is found at once: a message that broke off too often is nobody's. */
const QUICK_SWEEPER = { 'sweeper.enabled': 'true', 'sweeper.intervalSeconds': '0.2', 'sweeper.lostSeconds': '0.3' };

beforeEach(async () => {
  bus = createMessageBus({ url: cloud.busUrl('cell1'), cell: 'cell1' });
  cloud.scheduler.hosts = ['h1', 'h2', 'h3'].map((host) => [host, cloud.cells.cell1.uuid]);
  await cloud.conductor('super');
  await cloud.conductor('cell', { 'conductor.shelvedOffloadSeconds': '-1', ...QUICK_SWEEPER });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await bus.close();
});

type AsyncMethod = (...args: unknown[]) => Promise<unknown>;

const CALLS: ReadonlyArray<readonly [object, readonly string[]]> = [
  [MemoryPlacement.prototype, ['claim', 'moveTo', 'moveBack', 'giveBack', 'release']],
  [StepRepository.prototype, ['take', 'finish']],
  [PlacingRepository.prototype, ['place', 'end']],
  [BuildRepository.prototype, ['redirect', 'fail']],
];

/** From now on the first answer to each of a conductor's calls is lost. */
function loseAnswers(): void {
  for (const [prototype, names] of CALLS) {
    const methods = prototype as Record<string, AsyncMethod>;
    for (const name of names) {
      const original = methods[name] as AsyncMethod;
      let isLost = false;
      vi.spyOn(methods, name).mockImplementation(async function (this: unknown, ...args: unknown[]) {
        const answer = await original.apply(this, args);
        if (isLost) return answer;
        isLost = true;
        throw new AppError({ kind: 'dependency', code: 'test.cut', message: 'cut', retry: { laterMs: 1 } });
      });
    }
  }
}

describe('a step whose agent and conductor die in it', () => {
  it.each(STEP_CASES)('goes on to the end that it would have come to: %s', async (_name, one) => {
    const server = await cases.serverFor(one);
    await cases.upTo(one, server);
    loseAnswers();
    const host = await cases.hostOf(server.uuid, one.step);
    await moves.taken(server.uuid, host, one.step.message.name as StepName);
    await moves.revived(server.uuid, host, one.step.message.name as StepName);
    const before = await cases.onwards(one, server.uuid);
    await cases.endsAsItsSuccess(one, server, before);
  });

  it.each(STEP_CASES)('fails as it would have failed: %s', async (_name, one) => {
    const server = await cases.serverFor(one);
    await cases.upTo(one, server);
    const before = await cases.ledger(server.uuid);
    loseAnswers();
    await cases.failEverywhere(one, server.uuid, (host) =>
      moves.agent(server.uuid, host, one.step.message.name as never, {}, true),
    );
    await cases.endsAsItsFailure(one, server, before);
  });
});
