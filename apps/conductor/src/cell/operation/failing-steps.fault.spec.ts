import { OperationSweepRepository } from '@kilonova/cell-db';
import { STEP_NAMES } from '@kilonova/compute-objects';
import { aFault } from '@kilonova/compute-samples';
import { createMessageBus, type MessageBus } from '@kilonova/messaging';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { Moves } from '../../spec-support/moves.js';
import { changeAfter, STEP_CASES, StepCases } from '../../spec-support/step-cases.js';

// Every step of every operation fails here, in each way that a step can fail: what follows is read from the operation's
// row, so that a step that is added later is covered by being there.

const cloud = useCloud();
let bus: MessageBus;
const moves = new Moves(cloud, () => bus);
const cases = new StepCases(cloud, moves);

beforeEach(async () => {
  bus = createMessageBus({ url: cloud.busUrl('cell1'), cell: 'cell1' });
  cloud.scheduler.hosts = ['h1', 'h2', 'h3'].map((host) => [host, cloud.cells.cell1.uuid]);
  await cloud.conductor('super');
  await cloud.conductor('cell');
});
afterEach(() => bus.close());

describe('a step fails', () => {
  it.each(STEP_CASES)('when its agent says so: %s', async (_name, one) => {
    const server = await cases.serverFor(one);
    await cases.upTo(one, server);
    const before = await cases.ledger(server.uuid);
    await cases.failEverywhere(one, server.uuid, (host) =>
      moves.agent(server.uuid, host, one.step.message.name as never, {}, true),
    );
    await cases.endsAsItsFailure(one, server, before);
  });

  it.each(STEP_CASES)('when nothing is heard of it for too long: %s', async (_name, one) => {
    const server = await cases.serverFor(one);
    await cases.upTo(one, server);
    const before = await cases.ledger(server.uuid);
    const sweep = new OperationSweepRepository();
    const impatient = Object.fromEntries(STEP_NAMES.map((name) => [name, 60])) as never;
    await cases.failEverywhere(one, server.uuid, async (host) => {
      await rows(cloud.cell1, `UPDATE operations SET changed_at = now() - interval '1 hour' WHERE instance_uuid = $1`, [
        server.uuid,
      ]);
      const [late] = await sweep.overdue(cloud.cell1, impatient, 10);
      if (late === undefined) throw new Error('nothing is overdue');
      await sweep.end(cloud.cell1, late, aFault({ message: 'not heard of', host }));
    });
    await cases.endsAsItsFailure(one, server, before);
  });

  it.each(STEP_CASES.filter(([, one]) => one.step.onFailure !== 'roll-back' && changeAfter(one) !== 'kept'))(
    'while placement is away, which holds it up and changes nothing: %s',
    async (_name, one) => {
      const server = await cases.serverFor(one);
      await cases.upTo(one, server);
      const before = await cases.ledger(server.uuid);
      await cases.failEverywhere(one, server.uuid, async (host) => {
        cloud.placement.isDown = true;
        await moves.agent(server.uuid, host, one.step.message.name as never, {}, true);
        setTimeout(() => (cloud.placement.isDown = false), 200);
        await eventually(() => expect(cloud.placement.isDown).toBe(false));
      });
      await cases.endsAsItsFailure(one, server, before);
    },
  );
});
