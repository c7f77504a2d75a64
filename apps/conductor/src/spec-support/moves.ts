import { BootRepository, QuotaLedgerRepository } from '@kilonova/api-db';
import { BuildRepository, OperationRepository, type OperationRow, StepRepository } from '@kilonova/cell-db';
import {
  type FinishStepResult,
  type Instance,
  messages,
  type OperationAction,
  type OperationArguments,
  type OperationOf,
  type StepName,
  type StepUpdates,
  type TakeStep,
} from '@kilonova/compute-objects';
import { aBuild, aFault, aFlavor, aSelection, nodeUuidOf } from '@kilonova/compute-samples';
import { createMessageBus, type MessageBus } from '@kilonova/messaging';
import type { Allocations } from '@kilonova/placement-client';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { AppError, type CallMessage, newRequestId, pause, systemCtx } from '@kilonova/util';
import { afterEach, beforeEach, expect } from 'vitest';
import type { TestCloud } from './cloud.js';
import { aBoot } from './samples.js';

const ASKED_AGAIN = 40;
const ASKED_AGAIN_MS = 20;

/** A flavor of twice the size of the sample. */
export const LARGER = { ...aFlavor, id: 2, flavorid: '2', name: 'm1.small', vcpus: 2, memory_mb: 1024 };

/** Moves among these hosts of cell1, over a bus of its own in each test; no hosts: those of the cloud. */
export function useMoves(cloud: TestCloud, ...hosts: string[]): Moves {
  let bus: MessageBus;
  beforeEach(() => {
    bus = createMessageBus({ url: cloud.busUrl('cell1'), cell: 'cell1' });
    if (hosts.length > 0) cloud.scheduler.hosts = hosts.map((host) => [host, cloud.cells.cell1.uuid]);
  });
  afterEach(() => bus.close());
  return new Moves(cloud, () => bus);
}

/** Servers of cell1 that move, and their agents as a test plays them. */
export class Moves {
  readonly operations = new OperationRepository();
  readonly #steps = new StepRepository();
  readonly ctx = { ...systemCtx('u1'), requestId: newRequestId() };

  constructor(
    private readonly cloud: TestCloud,
    readonly bus: () => MessageBus,
  ) {}

  /** The conductors that moves need; they ask a scheduler twice that does not answer. */
  async conductors(): Promise<void> {
    await this.cloud.conductor('super', { 'conductor.schedulingAttempts': '2' });
    await this.cloud.conductor('cell');
  }

  /** An active server on h1, known at the API level, with its quota and its claim. */
  async server(): Promise<Instance> {
    const { uuid } = await this.building();
    const step = await this.step(uuid);
    await this.#steps.take(this.cloud.cell1, step);
    await this.#steps.finish(this.cloud.cell1, { ...step, updates: { power_state: 1 } });
    await rows(this.cloud.cell1, 'DELETE FROM outbox');
    return this.instance(uuid);
  }

  /** A server whose build was sent to h1, where it is claimed; h2 and h3 are its alternates. */
  async building(): Promise<Instance> {
    const { api, cell1, cells, placement } = this.cloud;
    const boot = aBoot(newRequestId());
    const { instance } = boot;
    await api.transaction(async (sql) => {
      await new BootRepository().acceptMany(sql, [boot]);
      await new QuotaLedgerRepository().add(sql, 'p1', 'u1', { instances: 1, cores: 1, ram: 512 });
    });
    await new BootRepository().settle(api, cells.cell1.id, [instance.uuid]);
    const builds = new BuildRepository();
    const on = (host: string) => aSelection(host, cells.cell1.uuid);
    const selections = [on('h1'), on('h2'), on('h3')] as const;
    await builds.prepareMany(cell1, this.ctx, [{ instance, arguments: aBuild(instance, selections) }]);
    await builds.sendMany(cell1, [instance.uuid]);
    await placement.claim(this.ctx, { consumer: instance.uuid, projectId: 'p1', userId: 'u1' }, claimOf('h1'), 'build');
    return this.instance(instance.uuid);
  }

  /** What the API does when it accepts an action. */
  async ask<A extends OperationAction>(server: Instance, action: A, args: OperationArguments[OperationOf<A>]): Promise<void> {
    const ctx = { ...this.ctx, requestId: newRequestId() };
    const accepted = await this.operations.accept(this.cloud.cell1, ctx, action, server, args);
    expect(accepted.outcome).toBe('accepted');
  }

  async row(uuid: string): Promise<OperationRow> {
    const row = await this.operations.find(this.cloud.cell1, uuid);
    if (row === undefined) throw new Error('no operation is under way');
    return row;
  }

  async step(instance_uuid: string): Promise<TakeStep> {
    const { uuid: operation_uuid, step, attempt, host } = await this.row(instance_uuid);
    return { operation_uuid, instance_uuid, step, attempt, host };
  }

  /** The agent of `host` is told of a step and takes it, unless it has done so. */
  async taken(uuid: string, host: string, name: StepName): Promise<TakeStep> {
    const told = { step: name, host, state: expect.stringMatching(/^(sent|taken)$/) };
    await eventually(async () => expect(await this.row(uuid)).toMatchObject(told));
    const step = await this.step(uuid);
    const { state } = await this.row(uuid);
    if (state === 'sent') expect(await this.#call(messages.takeStep, step)).toMatchObject({ outcome: 'taken' });
    return step;
  }

  /** The agent of `host` begins anew in the middle of the step that it has taken: it asks for its work, and takes that again. */
  async revived(uuid: string, host: string, name: StepName): Promise<void> {
    const { steps } = await this.#call(messages.hostWork, { host });
    const step = await this.step(uuid);
    expect(steps.filter(({ operation_uuid }) => operation_uuid === step.operation_uuid)).toContainEqual(
      expect.objectContaining({ step: name, attempt: step.attempt }),
    );
    expect(await this.#call(messages.takeStep, step)).toMatchObject({ outcome: 'taken', resumed: true });
  }

  /** The agent of `host` is told of a step, takes it and finishes it, with a fault if `fails`. */
  async agent(uuid: string, host: string, name: StepName, updates: StepUpdates = {}, fails = false): Promise<FinishStepResult> {
    const step = await this.taken(uuid, host, name);
    return this.#call(messages.finishStep, {
      ...step,
      updates,
      ...(fails ? { fault: aFault({ message: `${name} failed`, host }) } : {}),
    });
  }

  /** The operation has ended, one way or the other. */
  async ended(uuid: string): Promise<Instance> {
    await eventually(async () => expect(await this.operations.find(this.cloud.cell1, uuid)).toBeUndefined());
    return this.instance(uuid);
  }

  async instance(uuid: string): Promise<Instance> {
    const found = (await this.cloud.instances(this.cloud.cell1)).find((one) => one.uuid === uuid);
    if (found === undefined) throw new Error(`there is no server ${uuid}`);
    return found;
  }

  async migration(uuid: string): Promise<{ uuid: string; status: string; [column: string]: unknown }> {
    const [found] = await rows<{ uuid: string; status: string }>(
      this.cloud.cell1,
      'SELECT * FROM migrations WHERE instance_uuid = $1 ORDER BY id DESC LIMIT 1',
      [uuid],
    );
    if (found === undefined) throw new Error('there is no migration');
    return found;
  }

  /** Who holds what: the server, and its newest migration. */
  async ledger(uuid: string): Promise<{ server: Allocations; migration: Allocations }> {
    const of = async (consumer: string) => (await this.cloud.placement.allocationsOf(this.ctx, consumer)).allocations;
    return { server: await of(uuid), migration: await of((await this.migration(uuid)).uuid) };
  }

  async actions(uuid: string): Promise<Array<{ action: string; message: string | null; ended: boolean }>> {
    return rows(
      this.cloud.cell1,
      `SELECT action, message, finish_time IS NOT NULL AS ended FROM instance_actions WHERE instance_uuid = $1 ORDER BY id DESC`,
      [uuid],
    );
  }

  async holding(uuid: string): Promise<{ cores: number; ram: number } | undefined> {
    const [found] = await rows<{ cores: number; ram: number }>(
      this.cloud.api,
      'SELECT cores, ram FROM quota_holdings WHERE instance_uuid = $1',
      [uuid],
    );
    return found;
  }

  /** Asks again, as agents do, while what was asked cannot be done now. */
  async #call<Args, Result>(message: CallMessage<Args, Result, 'conductor'>, args: NoInfer<Args>): Promise<Result> {
    for (let left = ASKED_AGAIN; ; left--) {
      try {
        return await this.bus().call(this.ctx, message, { topic: 'conductor' }, args);
      } catch (error) {
        if (left === 0 || !(error instanceof AppError) || error.kind !== 'dependency') throw error;
      }
      await pause(ASKED_AGAIN_MS);
    }
  }
}

/** The claim of a sample selection. */
export const claimOf = (host: string) => aSelection(host, '').allocation_request;
/** What whoever holds a sample selection on a host has. */
export const held = (host: string): Allocations => ({ [nodeUuidOf(host)]: { resources: { VCPU: 1, MEMORY_MB: 512 } } });
