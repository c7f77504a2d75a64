import type { Ctx } from '@kilonova/util';
import type { BlockDevice, BlockDeviceUpdate } from '../block-device.js';
import type { GuestDevice } from '../guest-device.js';
import type { Instance, InstanceFault } from '../instance.js';
import type { StepTicket } from '../messages/step-message.js';
import type { Migration } from '../migration.js';
import type { AllocationRequest } from '../selection.js';
import type { TaskState, VmState } from '../states.js';
import type { OperationSubject, StepArguments } from './operation-arguments.js';
import type { StepName } from './operation-table.js';

/** A step as agents and conductors name it to each other. */
export interface StepRef extends StepTicket {
  readonly step: StepName;
}

/** agent → cell conductor: is this step still mine? */
export interface TakeStep extends StepRef {
  readonly host: string;
}

/**
 * `taken`: go on, also when it was taken before and then interrupted; `finished`: this very step has ended, only its end
 * may not have been notified; `stale`: another attempt or operation took its place, or the server is gone.
 */
export type TakeStepResult<S extends StepName = StepName> =
  | {
      readonly outcome: 'taken';
      readonly instance: Instance;
      readonly arguments: StepArguments[S];
      /** The server's disks beside flavor and image. */
      readonly block_devices: readonly BlockDevice[];
      /** The move that the step is part of. */
      readonly migration: Migration | null;
      /** What was claimed of this host for it; where the server comes with the step alone. */
      readonly claim?: AllocationRequest;
      /** Devices of this host that are assigned to it; left out: none. */
      readonly devices?: readonly GuestDevice[];
      readonly old_vm_state: VmState;
      readonly old_task_state: TaskState | null;
      readonly resumed: boolean;
    }
  | FinishedStep
  | StaleStep;

/** Not this agent's, or not any more. `on_host`: the server is on its host all the same, so that its guest stays. */
export interface StaleStep {
  readonly outcome: 'stale';
  readonly on_host: boolean;
}

/** Facts about the guest that an agent reports; states follow from the operation table. */
export type StepUpdates = Partial<
  Pick<Instance, 'power_state' | 'progress' | 'root_device_name' | 'system_metadata' | 'network_info'>
> & {
  readonly block_devices?: readonly BlockDeviceUpdate[];
};

/** agent → cell conductor: another task state within a step, or how far it is. */
export interface AdvanceStep extends StepRef {
  readonly host: string;
  readonly task_state: TaskState;
  /** Percent. */
  readonly progress?: number;
}

export type AdvanceStepResult =
  | { readonly outcome: 'advanced'; readonly instance: Instance; readonly old_task_state: TaskState | null }
  | { readonly outcome: 'stale' };

/** agent → cell conductor: the step has ended. */
export interface FinishStep extends StepRef {
  readonly host: string;
  readonly updates: StepUpdates;
  /** Left out: it succeeded. */
  readonly fault?: InstanceFault;
}

export interface FinishedStep {
  readonly outcome: 'finished';
  /** After the change; of a deleted server as it was archived. */
  readonly instance: Instance;
  readonly old_vm_state: VmState;
  readonly old_task_state: TaskState | null;
  readonly fault: InstanceFault | null;
  /** What it was about, where it was about more than the server. */
  readonly subject: OperationSubject | null;
  /** The host that a move of the server began on; told when the end is asked for again. */
  readonly source_compute?: string | null;
}

export type FinishStepResult = FinishedStep | StaleStep;

/** A step that an agent works on, as its beat tells of it. */
export interface StepBeat extends StepRef {
  /** Percent, where the driver knows. */
  readonly progress?: number;
  /** Of a live migration. */
  readonly transfer?: Transfer;
}

/** How much of a guest has gone to another host, and is still to go, bytes. */
export interface Transfer {
  readonly memory_total: number;
  readonly memory_processed: number;
  readonly memory_remaining: number;
  readonly disk_total: number;
  readonly disk_processed: number;
  readonly disk_remaining: number;
}

/** cell conductor → agent at its start: what the host was in the middle of. */
export interface HostWork {
  readonly instances: readonly Instance[];
  readonly steps: readonly ResumedStep[];
  /** Servers that were made anew elsewhere while this host was down; left out: none. */
  readonly evacuated?: readonly Evacuated[];
}

/** agent → cell conductor: nothing of them is left on the host. */
export interface FinishEvacuations {
  readonly host: string;
  readonly migrations: readonly string[];
}

/** A server that is on another host now, of which a guest and a claim may be left here. */
export interface Evacuated {
  readonly migration_uuid: string;
  readonly instance_uuid: string;
}

/** A step with the context of the request that it belongs to. */
export interface ResumedStep extends StepRef {
  readonly ctx: Ctx;
}
