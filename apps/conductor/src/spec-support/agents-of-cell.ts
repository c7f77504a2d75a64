import { BuildRepository, OperationRepository, type OperationRow } from '@kilonova/cell-db';
import {
  type FinishStepResult,
  type InstanceFault,
  type InstanceGroup,
  messages,
  type TakeStep,
  type TakeStepResult,
} from '@kilonova/compute-objects';
import { anInstance, aRequestSpec, aSelection, nodeUuidOf } from '@kilonova/compute-samples';
import { createMessageBus, type MessageBus } from '@kilonova/messaging';
import { rows } from '@kilonova/sql';
import { type CallMessage, systemCtx } from '@kilonova/util';
import { afterEach, beforeEach } from 'vitest';
import type { useCloud } from './cloud.js';

export const aFault: InstanceFault = {
  code: 500,
  message: 'spawn failed',
  details: 'because',
  host: 'h1',
  created_at: new Date(0).toISOString(),
};

/** What agents of cell1 say to its conductor. Call at the top of a test file, with its cloud. */
export class AgentsOfCell {
  readonly #ctx = systemCtx();
  #bus: MessageBus | undefined;

  constructor(private readonly cloud: ReturnType<typeof useCloud>) {
    beforeEach(() => {
      this.#bus = createMessageBus({ url: cloud.busUrl('cell1'), cell: 'cell1' });
    });
    afterEach(() => this.#bus?.close());
  }

  call<Args, Result>(message: CallMessage<Args, Result, 'conductor'>, args: NoInfer<Args>): Promise<Result> {
    if (this.#bus === undefined) throw new Error('agents speak inside tests only');
    return this.#bus.call(this.#ctx, message, { topic: 'conductor' }, args);
  }

  /** As a conductor of the cell tells another. */
  async reschedule(step: TakeStep): Promise<void> {
    const { operation_uuid, instance_uuid, attempt } = step;
    await this.#bus?.cast(
      this.#ctx,
      messages.rescheduleBuild,
      { topic: 'conductor' },
      { operation_uuid, instance_uuid, attempt },
    );
  }

  async operationOf(uuid: string): Promise<OperationRow> {
    const row = await new OperationRepository().find(this.cloud.cell1, uuid);
    if (row === undefined) throw new Error('no operation is under way');
    return row;
  }

  /** The step that an instance is in, as the agent that it was given to names it. */
  async stepOf(instance_uuid: string): Promise<TakeStep> {
    const { uuid: operation_uuid, step, attempt, host } = await this.operationOf(instance_uuid);
    return { operation_uuid, instance_uuid, step, attempt, host };
  }

  /** An instance that a host was told to build; returns its step. */
  async sent(host = 'h1', alternates: readonly string[] = [], group: InstanceGroup | null = null): Promise<TakeStep> {
    const instance = anInstance();
    const cell = this.cloud.cells.cell1.uuid;
    const args = {
      request_spec: aRequestSpec(instance.uuid, { instance_group: group }),
      image: null,
      requested_networks: 'none',
      admin_password: 'pw',
      selection: aSelection(host, cell),
      alternates: alternates.map((name) => aSelection(name, cell)),
    } as const;
    const builds = new BuildRepository();
    await builds.prepareMany(this.cloud.cell1, this.#ctx, [{ instance, arguments: args }]);
    await builds.sendMany(this.cloud.cell1, [instance.uuid]);
    // Nobody hands the message over: it is the relay's when its lease has ended.
    await rows(this.cloud.cell1, 'UPDATE outbox SET available_at = now()');
    this.cloud.placement.hold(instance.uuid, nodeUuidOf(host));
    return this.stepOf(instance.uuid);
  }

  take(step: TakeStep, host = step.host): Promise<TakeStepResult> {
    return this.call(messages.takeStep, { ...step, host });
  }

  finish(step: TakeStep, fault?: InstanceFault): Promise<FinishStepResult> {
    return this.call(messages.finishStep, { ...step, updates: fault === undefined ? { power_state: 1 } : {}, fault });
  }

  async fail(step: TakeStep): Promise<FinishStepResult> {
    await this.take(step);
    return this.finish(step, aFault);
  }

  async stored(uuid: string) {
    return (await this.cloud.instances(this.cloud.cell1)).find((instance) => instance.uuid === uuid);
  }
}
