import type { Instance, InstanceFault, InstanceUpdates } from '../instance.js';
import type { TaskState, VmState } from '../states.js';

export interface TerminateInstance {
  readonly instance_uuid: string;
}

export interface UpdateInstance {
  readonly host: string;
  readonly instance_uuid: string;
  readonly updates: InstanceUpdates;
  /** The change is made only while the row is in one of these; left out: no condition. */
  readonly expected_task_states?: ReadonlyArray<TaskState | null>;
  readonly expected_vm_states?: readonly VmState[];
  readonly fault?: InstanceFault;
}

/** `stale`: the row is in another state, on another host, or gone; the caller stops its work. */
export type UpdateInstanceResult =
  | {
      readonly outcome: 'updated';
      readonly instance: Instance;
      readonly old_vm_state: VmState;
      readonly old_task_state: TaskState | null;
    }
  | {
      readonly outcome: 'stale';
      readonly vm_state: VmState | null;
      readonly task_state: TaskState | null;
      readonly host: string | null;
    };

/** An instance, and the host that asks about it. */
export interface InstanceOnHost {
  readonly host: string;
  readonly instance_uuid: string;
}

export interface DestroyInstanceResult {
  /** As it was archived; null when it is not this host's. */
  readonly instance: Instance | null;
}

export interface InstancesOnHost {
  readonly host: string;
}
