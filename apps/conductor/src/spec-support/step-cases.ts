import { randomUUID } from 'node:crypto';
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
  type StepRule,
  undoOf,
  unplaced,
} from '@kilonova/compute-objects';
import type { Allocations } from '@kilonova/placement-client';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { expect } from 'vitest';
import type { TestCloud } from './cloud.js';
import { held, LARGER, type Moves } from './moves.js';

/** Everything that any operation may find among its arguments. */
const BACKUP = { backup_type: 'daily', rotation: 1 };
const ARGUMENTS = { ...unplaced({ flavor: LARGER }), ...BACKUP, subject: { image_id: randomUUID() } } as never;

/** One step of an operation, as the table has it. */
export interface StepCase {
  readonly operation: OperationName;
  /** Null: a build is under way before anybody asks for it. */
  readonly action: OperationAction | null;
  readonly steps: readonly StepRule[];
  /** The one that something happens in. */
  readonly step: StepRule;
}

export interface Ledger {
  readonly server: Allocations;
  readonly migration: Allocations;
}

const actionOf = (operation: OperationName): OperationAction | undefined =>
  (Object.keys(ACTIONS) as ActionName[]).find((name) => actionRule(name).operation === operation) as OperationAction | undefined;

/** Every step of every operation that begins by itself: what takes another's place is met on its way. */
export const STEP_CASES: ReadonlyArray<readonly [string, StepCase]> = (Object.keys(OPERATIONS) as OperationName[]).flatMap(
  (operation) => {
    const action = operation === 'build' ? null : actionOf(operation);
    const { steps } = operationRule(operation);
    return action === undefined
      ? []
      : steps.map((step) => [`${operation}, ${step.message.name}`, { operation, action, steps, step }] as const);
  },
);

/** Who holds what afterwards, given what was held before the claims changed. */
function ledgerAfter(change: ClaimChange, source: string | null, now: Ledger): Ledger {
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

const FAILED: Readonly<Record<StepRule['onFailure'], (before: string) => string>> = {
  'next-alternate': (before) => (before === 'building' ? 'error' : before),
  'reset-task': (before) => before,
  error: () => 'error',
  'error-unless-running': () => 'error',
  'roll-back': (before) => before,
};

/** What becomes of claims when the step fails. */
export function changeAfter({ operation, step }: StepCase): ClaimChange {
  const rule = operationRule(operation);
  if (rule.claim === 'build') return 'released';
  if (step.onFailure !== 'roll-back' || rule.rollback === undefined) return undoOf(rule, step);
  const { claim } = operationRule(rule.rollback as OperationName);
  return claim === 'build' ? 'kept' : claim;
}

/** Brings servers to steps, and says how they must be afterwards, by the rows of their operations alone. */
export class StepCases {
  constructor(
    private readonly cloud: TestCloud,
    private readonly moves: Moves,
  ) {}

  /** A server that the action may be asked of, at rest; one that is being built, for a build. */
  async serverFor({ operation, action }: StepCase): Promise<Instance> {
    const { cloud, moves } = this;
    if (action === null) return moves.building();
    const server = await moves.server();
    const { vmStates } = actionRule(action);
    const state = vmStates === 'any' || vmStates.includes('active') ? 'active' : (vmStates[0] ?? 'active');
    const { placed, resumes } = operationRule(operation);
    if (resumes !== undefined) return this.#resized(server);
    const isNowhere = placed?.claim === 'build';
    if (isNowhere) await cloud.placement.release(moves.ctx, server.uuid);
    await rows(cloud.cell1, `UPDATE instances SET vm_state = $2, host = CASE WHEN $3 THEN NULL ELSE host END WHERE uuid = $1`, [
      server.uuid,
      state,
      isNowhere,
    ]);
    return moves.instance(server.uuid);
  }

  async #resized(server: Instance): Promise<Instance> {
    const { moves } = this;
    await moves.ask(server, 'resize', ARGUMENTS);
    await moves.agent(server.uuid, 'h2', 'prep_resize');
    await moves.agent(server.uuid, 'h1', 'resize_instance');
    await moves.agent(server.uuid, 'h2', 'finish_resize', { power_state: 1 });
    return moves.ended(server.uuid);
  }

  /** The host whose agent has the step now. */
  async hostOf(uuid: string, step: StepRule): Promise<string> {
    await eventually(async () =>
      expect(await this.moves.row(uuid)).toMatchObject({
        step: step.message.name,
        state: expect.stringMatching(/^(sent|taken)$/),
      }),
    );
    return (await this.moves.row(uuid)).host;
  }

  /** Brings the operation to the step, which an agent has been told of then. */
  async upTo({ action, steps, step }: StepCase, server: Instance): Promise<void> {
    if (action !== null) await this.moves.ask(server, action, ARGUMENTS);
    await this.#succeed(server.uuid, steps.slice(0, steps.indexOf(step)));
    await this.hostOf(server.uuid, step);
  }

  /** The step, and what follows, goes well. @returns what was held before the last of them had ended */
  async onwards({ steps, step }: StepCase, uuid: string): Promise<Ledger> {
    await this.#succeed(uuid, steps.slice(steps.indexOf(step), -1));
    const last = steps.slice(-1);
    for (const one of last) await this.hostOf(uuid, one);
    const before = await this.ledger(uuid);
    await this.#succeed(uuid, last);
    return before;
  }

  async #succeed(uuid: string, steps: readonly StepRule[]): Promise<void> {
    for (const step of steps)
      await this.moves.agent(uuid, await this.hostOf(uuid, step), step.message.name as never, { power_state: 1 });
  }

  /** The step fails on the host that has it, and on each that it is given to afterwards. */
  async failEverywhere({ step, operation }: StepCase, uuid: string, fail: (host: string) => Promise<unknown>): Promise<void> {
    const { cloud, moves } = this;
    const tries = step.onFailure === 'next-alternate' ? 3 : 1;
    for (let count = 0; count < tries; count++) {
      if ((await moves.operations.find(cloud.cell1, uuid))?.name !== operation) return;
      await fail(await this.hostOf(uuid, step));
      if (tries > 1)
        await eventually(async () => expect((await moves.operations.find(cloud.cell1, uuid))?.state).not.toBe('failed'));
    }
  }

  async ledger(uuid: string): Promise<Ledger> {
    const { cloud, moves } = this;
    const migrations = await rows(cloud.cell1, 'SELECT 1 FROM migrations WHERE instance_uuid = $1', [uuid]);
    if (migrations.length > 0) return moves.ledger(uuid);
    return { server: (await cloud.placement.allocationsOf(moves.ctx, uuid)).allocations, migration: {} };
  }

  /** The server, its migration, its claims, its record and its quota, after a failure of the step. */
  async endsAsItsFailure(one: StepCase, server: Instance, before: Ledger): Promise<void> {
    const { moves } = this;
    const undo = changeAfter(one);
    await this.#wayBack(one, server.uuid);
    const ended = await moves.ended(server.uuid);
    expect(ended).toMatchObject({ vm_state: FAILED[one.step.onFailure](server.vm_state), task_state: null });
    expect(ended.fault).not.toBeNull();
    if (undo === 'source-restored' || undo === 'destination-released') expect(ended.host).toBe('h1');
    expect(await this.ledger(server.uuid)).toEqual(ledgerAfter(undo, 'h1', before));
    if (operationRule(one.operation).ends.migration !== undefined) {
      const { status } = await moves.migration(server.uuid);
      expect(status).toBe(one.step.failedMigration ?? 'error');
      expect(FINAL_MIGRATION_STATUSES).toContain(status);
    }
    expect((await moves.actions(server.uuid))[0]).toMatchObject({ message: 'Error', ended: true });
    await this.#counts(ended);
  }

  /** The same after its success, given what was held before its last step. */
  async endsAsItsSuccess({ operation }: StepCase, server: Instance, before: Ledger): Promise<void> {
    const { moves } = this;
    const { ends, claim } = operationRule(operation);
    const change = claim === 'build' ? 'kept' : claim;
    if (ends.vmState === 'deleted') {
      await eventually(async () => expect(await moves.operations.find(this.cloud.cell1, server.uuid)).toBeUndefined());
      expect(await this.cloud.instances(this.cloud.cell1)).toEqual([]);
    } else {
      const state = ends.vmState === 'unchanged' ? server.vm_state : ends.vmState === 'by-power' ? 'active' : ends.vmState;
      const ended = await moves.ended(server.uuid);
      expect(ended).toMatchObject({ vm_state: state, task_state: null, fault: null });
      if (ends.vmState !== 'soft-delete') await this.#counts(ended);
    }
    expect(await this.ledger(server.uuid)).toEqual(ledgerAfter(change, 'h1', before));
    if (ends.migration !== undefined) expect((await moves.migration(server.uuid)).status).toBe(ends.migration);
    const [record] = await moves.actions(server.uuid);
    expect(record).toMatchObject({ message: null, ended: true });
  }

  /** What takes the place of an operation whose step failed has its own steps, which succeed. */
  async #wayBack({ operation, step }: StepCase, uuid: string): Promise<void> {
    const { rollback } = operationRule(operation);
    if (step.onFailure !== 'roll-back' || rollback === undefined) return;
    await this.#succeed(uuid, operationRule(rollback as OperationName).steps);
  }

  /** Quota counts what the flavor takes; while a resize may be taken back, the larger of both. */
  async #counts({ uuid, flavor }: Instance): Promise<void> {
    await eventually(async () => expect(await this.moves.holding(uuid)).toEqual({ cores: flavor.vcpus, ram: flavor.memory_mb }));
  }
}
