import { randomUUID } from 'node:crypto';
import { OperationSweepRepository } from '@kilonova/cell-db';
import {
  ACTIONS,
  type ActionName,
  actionRule,
  type ClaimChange,
  FINAL_MIGRATION_STATUSES,
  type Instance,
  OPERATIONS,
  type OperationAction,
  type OperationName,
  operationRule,
  STEP_NAMES,
  type StepRule,
  undoOf,
  unplaced,
} from '@kilonova/compute-objects';
import { aFault } from '@kilonova/compute-samples';
import { createMessageBus, type MessageBus } from '@kilonova/messaging';
import type { Allocations } from '@kilonova/placement-client';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { held, LARGER, Moves } from '../../spec-support/moves.js';

// Every step of every operation fails here, in each way that a step can fail: what follows is read from the operation's
// row, so that a step that is added later is covered by being there. Builds have specs of their own.

const cloud = useCloud();
let bus: MessageBus;
const moves = new Moves(cloud, () => bus);

beforeEach(async () => {
  bus = createMessageBus({ url: cloud.busUrl('cell1'), cell: 'cell1' });
  cloud.scheduler.hosts = ['h1', 'h2', 'h3'].map((host) => [host, cloud.cells.cell1.uuid]);
  await cloud.conductor('super');
  await cloud.conductor('cell');
});
afterEach(() => bus.close());

/** Everything that any operation may find among its arguments. */
const ARGUMENTS = { ...unplaced({ flavor: LARGER }), subject: { image_id: randomUUID() } } as never;

interface Case {
  readonly operation: OperationName;
  readonly action: OperationAction;
  readonly steps: readonly StepRule[];
  /** The one that fails. */
  readonly failing: StepRule;
}

const actionOf = (operation: OperationName): OperationAction | undefined =>
  (Object.keys(ACTIONS) as ActionName[]).find((name) => actionRule(name).operation === operation) as OperationAction | undefined;

const CASES: readonly Case[] = (Object.keys(OPERATIONS) as OperationName[]).flatMap((operation) => {
  const action = actionOf(operation);
  const { steps } = operationRule(operation);
  return action === undefined ? [] : steps.map((failing) => ({ operation, action, steps, failing }));
});
const named = CASES.map((one) => [`${one.operation}, ${one.failing.message.name}`, one] as const);

/** A server that the action may be asked of, at rest. */
async function serverFor({ operation, action }: Case): Promise<Instance> {
  const server = await moves.server();
  const { vmStates } = actionRule(action);
  const state = vmStates === 'any' || vmStates.includes('active') ? 'active' : (vmStates[0] ?? 'active');
  const { placed, resumes } = operationRule(operation);
  if (resumes !== undefined) return resized(server);
  const isNowhere = placed?.claim === 'build';
  if (isNowhere) await cloud.placement.release(moves.ctx, server.uuid);
  await rows(cloud.cell1, `UPDATE instances SET vm_state = $2, host = CASE WHEN $3 THEN NULL ELSE host END WHERE uuid = $1`, [
    server.uuid,
    state,
    isNowhere,
  ]);
  return moves.instance(server.uuid);
}

async function resized(server: Instance): Promise<Instance> {
  await moves.ask(server, 'resize', ARGUMENTS);
  await moves.agent(server.uuid, 'h2', 'prep_resize');
  await moves.agent(server.uuid, 'h1', 'resize_instance');
  await moves.agent(server.uuid, 'h2', 'finish_resize', { power_state: 1 });
  return moves.ended(server.uuid);
}

/** The host whose agent has the step now. */
async function hostOfStep(uuid: string, step: StepRule): Promise<string> {
  await eventually(async () => expect(await moves.row(uuid)).toMatchObject({ step: step.message.name, state: 'sent' }));
  return (await moves.row(uuid)).host;
}

/** Brings the operation to the step that is to fail. */
async function upTo({ action, steps, failing }: Case, server: Instance): Promise<void> {
  await moves.ask(server, action, ARGUMENTS);
  for (const step of steps.slice(0, steps.indexOf(failing)))
    await moves.agent(server.uuid, await hostOfStep(server.uuid, step), step.message.name as never, { power_state: 1 });
}

/** The step fails on the host that has it, and on each that it is given to afterwards. */
async function failEverywhere(
  { failing, operation }: Case,
  uuid: string,
  fail: (host: string) => Promise<unknown>,
): Promise<void> {
  const tries = failing.onFailure === 'next-alternate' ? 3 : 1;
  for (let count = 0; count < tries; count++) {
    if ((await moves.operations.find(cloud.cell1, uuid))?.name !== operation) return;
    await fail(await hostOfStep(uuid, failing));
    if (tries > 1)
      await eventually(async () => expect((await moves.operations.find(cloud.cell1, uuid))?.state).not.toBe('failed'));
  }
}

/** Who holds what after a failure, given what was held when the step failed. */
function ledgerAfter(change: ClaimChange, source: string | null, now: { server: Allocations; migration: Allocations }) {
  switch (change) {
    case 'kept':
      return now;
    case 'released':
      return { ...now, server: {} };
    case 'source-released':
      return { ...now, migration: {} };
    default:
      return { server: source === null ? {} : held(source), migration: {} };
  }
}

const VM_STATE: Readonly<Record<StepRule['onFailure'], (before: string) => string>> = {
  'next-alternate': (before) => before,
  'reset-task': (before) => before,
  error: () => 'error',
  'error-unless-running': () => 'error',
  'roll-back': (before) => before,
};

/** What takes the place of an operation whose step failed has its own steps, which succeed. */
async function wayBack({ operation, failing }: Case, uuid: string): Promise<void> {
  const { rollback } = operationRule(operation);
  if (failing.onFailure !== 'roll-back' || rollback === undefined) return;
  for (const step of operationRule(rollback as OperationName).steps)
    await moves.agent(uuid, await hostOfStep(uuid, step), step.message.name as never, { power_state: 1 });
}

/** What becomes of claims when the step fails. */
function changeAfter({ operation, failing }: Case): ClaimChange {
  const rule = operationRule(operation);
  if (failing.onFailure !== 'roll-back' || rule.rollback === undefined) return undoOf(rule, failing);
  const { claim } = operationRule(rule.rollback as OperationName);
  return claim === 'build' ? 'kept' : claim;
}

const hasMove = (uuid: string) => rows(cloud.cell1, 'SELECT 1 FROM migrations WHERE instance_uuid = $1', [uuid]);
const ledger = async (uuid: string) =>
  (await hasMove(uuid)).length > 0
    ? moves.ledger(uuid)
    : { server: (await cloud.placement.allocationsOf(moves.ctx, uuid)).allocations, migration: {} };

async function endsAsItsRowSays(one: Case, server: Instance, held_: Awaited<ReturnType<typeof ledger>>): Promise<void> {
  const rule = operationRule(one.operation);
  const undo = changeAfter(one);
  await wayBack(one, server.uuid);
  const ended = await moves.ended(server.uuid);
  expect(ended).toMatchObject({ vm_state: VM_STATE[one.failing.onFailure](server.vm_state), task_state: null });
  expect(ended.fault).not.toBeNull();
  if (undo === 'source-restored' || undo === 'destination-released') expect(ended.host).toBe('h1');
  expect(await ledger(server.uuid)).toEqual(ledgerAfter(undo, 'h1', held_));
  if (rule.ends.migration !== undefined) {
    const { status } = await moves.migration(server.uuid);
    expect(status).toBe(one.failing.failedMigration ?? 'error');
    expect(FINAL_MIGRATION_STATUSES).toContain(status);
  }
  expect((await moves.actions(server.uuid))[0]).toMatchObject({ message: 'Error', ended: true });
  await eventually(async () =>
    expect(await moves.holding(server.uuid)).toEqual({ cores: ended.flavor.vcpus, ram: ended.flavor.memory_mb }),
  );
}

describe('a step fails', () => {
  it.each(named)('when its agent says so: %s', async (_name, one) => {
    const server = await serverFor(one);
    await upTo(one, server);
    await hostOfStep(server.uuid, one.failing);
    const before = await ledger(server.uuid);
    await failEverywhere(one, server.uuid, (host) => moves.agent(server.uuid, host, one.failing.message.name as never, {}, true));
    await endsAsItsRowSays(one, server, before);
  });

  it.each(named)('when nothing is heard of it for too long: %s', async (_name, one) => {
    const server = await serverFor(one);
    await upTo(one, server);
    await hostOfStep(server.uuid, one.failing);
    const before = await ledger(server.uuid);
    const sweep = new OperationSweepRepository();
    const impatient = Object.fromEntries(STEP_NAMES.map((name) => [name, 60])) as never;
    await failEverywhere(one, server.uuid, async (host) => {
      await rows(cloud.cell1, `UPDATE operations SET changed_at = now() - interval '1 hour' WHERE instance_uuid = $1`, [
        server.uuid,
      ]);
      const [late] = await sweep.overdue(cloud.cell1, impatient, 10);
      if (late === undefined) throw new Error('nothing is overdue');
      await sweep.end(cloud.cell1, late, aFault({ message: 'not heard of', host }));
    });
    await endsAsItsRowSays(one, server, before);
  });

  it.each(named.filter(([, one]) => one.failing.onFailure !== 'roll-back' && changeAfter(one) !== 'kept'))(
    'while placement is away, which holds it up and changes nothing: %s',
    async (_name, one) => {
      const server = await serverFor(one);
      await upTo(one, server);
      await hostOfStep(server.uuid, one.failing);
      const before = await ledger(server.uuid);
      await failEverywhere(one, server.uuid, async (host) => {
        cloud.placement.isDown = true;
        await moves.agent(server.uuid, host, one.failing.message.name as never, {}, true);
        setTimeout(() => (cloud.placement.isDown = false), 200);
        await eventually(() => expect(cloud.placement.isDown).toBe(false));
      });
      await endsAsItsRowSays(one, server, before);
    },
  );
});
