import type { InstanceRepository } from '@kilonova/cell-db';
import type { UpdateInstance as Args, Instance, UpdateInstanceResult as Result } from '@kilonova/compute-objects';
import type { Sql } from '@kilonova/sql';

/**
 * One conditional change by the agent on whose host the instance is. The broker delivers a call again when the conductor
 * that took it died, perhaps after it had stored the change: who finds it made is answered as if it were made now,
 * or the agent would take itself for overtaken and drop a build that nobody else has.
 */
export class UpdateInstance {
  constructor(
    private readonly sql: Sql,
    private readonly instances: InstanceRepository,
  ) {}

  async run(args: Args): Promise<Result> {
    const { host, instance_uuid: uuid, updates, fault } = args;
    const guard = { host, taskStates: args.expected_task_states, vmStates: args.expected_vm_states };
    const change = await this.instances.update(this.sql, uuid, updates, guard, fault);
    if (change.outcome === 'updated') return change;
    const made = await this.instances.findUpdated(this.sql, uuid, updates, host, fault);
    return made === undefined ? change : asUpdated(made, args);
  }
}

/** The states before the change are those it was to be made from; where it named none, those after it. */
const asUpdated = (instance: Instance, args: Args): Result => ({
  outcome: 'updated',
  instance,
  old_vm_state: args.expected_vm_states?.[0] ?? instance.vm_state,
  old_task_state: args.expected_task_states === undefined ? instance.task_state : (args.expected_task_states[0] ?? null),
});
