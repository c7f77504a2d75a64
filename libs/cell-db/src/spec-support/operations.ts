import type { BuildArguments, Instance, InstanceGroup, StepName, TakeStep } from '@kilonova/compute-objects';
import { aBuild, anInstance, aSelection } from '@kilonova/compute-samples';
import { rows, type Sql } from '@kilonova/sql';
import { emptyTables } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { InstanceRepository } from '../instance/instance.repository.js';
import { BuildRepository } from '../operation/build.repository.js';
import type { OperationRow } from '../operation/operation.entity.js';
import { OperationRepository } from '../operation/operation.repository.js';
import { StepRepository } from '../operation/step.repository.js';
import { ServiceRepository } from '../service/service.repository.js';

export const CELL = '11111111-1111-4111-8111-111111111111';
export const aFault = { code: 500, message: 'no', details: 'x', host: 'h1', created_at: new Date(0).toISOString() };

export type ServerOnHost = Instance & { readonly host: string };

/** Operations in a database of a test's own, as far as it wants them to have got. */
export class Operations {
  readonly builds = new BuildRepository();
  readonly operations = new OperationRepository();
  readonly steps = new StepRepository();
  readonly instances = new InstanceRepository();
  readonly ctx = systemCtx();

  constructor(private readonly sql: () => Sql) {}

  /** Stored, and no agent told. */
  async prepared(hosts: readonly [string, ...string[]] = ['h1', 'h2']): Promise<{ instance: Instance; args: BuildArguments }> {
    const instance = anInstance();
    const [first, ...others] = hosts;
    const args = aBuild(instance, [aSelection(first, CELL), ...others.map((host) => aSelection(host, CELL))]);
    await this.builds.prepareMany(this.sql(), this.ctx, [{ instance, arguments: args }]);
    return { instance, args };
  }

  /** The first host's agent is told. */
  async sent(hosts?: readonly [string, ...string[]]): Promise<{ instance: Instance; args: BuildArguments }> {
    const build = await this.prepared(hosts);
    await this.builds.sendMany(this.sql(), [build.instance.uuid]);
    return build;
  }

  /** The same for a member of an anti-affinity group. */
  async sentInGroup(uuid: string): Promise<{ instance: Instance; args: BuildArguments }> {
    const instance = anInstance();
    const plain = aBuild(instance, [aSelection('h1', CELL), aSelection('h2', CELL)]);
    const group: InstanceGroup = {
      uuid,
      name: 'g',
      project_id: 'p1',
      user_id: 'u1',
      policy: 'anti-affinity',
      rules: {},
      members: [],
      hosts: [],
    };
    const args = { ...plain, request_spec: { ...plain.request_spec, instance_group: group } };
    await this.builds.prepareMany(this.sql(), this.ctx, [{ instance, arguments: args }]);
    await this.builds.sendMany(this.sql(), [instance.uuid]);
    return { instance, args };
  }

  /** An active server on h1. */
  async active(): Promise<ServerOnHost> {
    const { instance } = await this.sent();
    await this.steps.take(this.sql(), await this.step(instance));
    const done = await this.steps.finish(this.sql(), { ...(await this.step(instance)), updates: { power_state: 1 } });
    if (done.outcome !== 'finished') throw new Error(done.outcome);
    return { ...done.instance, host: 'h1' };
  }

  /** The step that an instance is in, as its agent names it. */
  async step(instance: Pick<Instance, 'uuid'>, given: Partial<TakeStep> = {}): Promise<TakeStep> {
    const row = await this.row(instance);
    if (row === undefined) throw new Error('no operation is under way');
    return {
      host: row.host,
      operation_uuid: row.uuid,
      instance_uuid: row.instance_uuid,
      step: row.step as StepName,
      attempt: row.attempt,
      ...given,
    };
  }

  row(instance: Pick<Instance, 'uuid'>): Promise<OperationRow | undefined> {
    return this.operations.find(this.sql(), instance.uuid);
  }

  outbox(): Promise<Array<{ topic: string; host: string | null; method: string; level: string; args: Record<string, unknown> }>> {
    return rows(this.sql(), 'SELECT * FROM outbox ORDER BY id');
  }

  /** The records of what was asked for, oldest first. */
  actions(): Promise<Array<{ action: string; message: string | null; ended: boolean }>> {
    return rows(this.sql(), 'SELECT action, message, finish_time IS NOT NULL AS ended FROM instance_actions ORDER BY id');
  }

  events(): Promise<Array<Record<string, unknown>>> {
    return rows(this.sql(), 'SELECT event, host, result, details FROM instance_action_events ORDER BY id');
  }

  /** The service of a host has just been heard of. */
  async alive(host: string): Promise<void> {
    await new ServiceRepository().report(this.sql(), { host, binary: 'nova-compute', topic: 'compute', version: 1 });
  }

  clear(): Promise<void> {
    return emptyTables(this.sql(), [
      'instances',
      'instances_archive',
      'instance_actions',
      'operations',
      'ended_steps',
      'outbox',
      'group_placements',
      'services',
    ]);
  }
}
