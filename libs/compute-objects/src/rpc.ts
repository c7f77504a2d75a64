import type { ComputeNodeReport, ServiceInfo } from './host.js';
import type { ImageMeta } from './image-meta.js';
import type { Instance, InstanceFault, InstanceUpdates } from './instance.js';
import type { RequestedNetworks, RequestSpec } from './request-spec.js';
import type { Selection } from './selection.js';
import type { InstanceGroup } from './server-group.js';
import type { TaskState, VmState } from './states.js';

/**
 * The messages of the boot and delete, one interface of arguments each. The method's name on the bus is the key of
 * `Rpc` below. Large or secret things that only the database needs do not travel: the handler reads them.
 */
export interface ScheduleAndBuildInstances {
  /** Of one request: same spec but for the uuid. Specs, build requests and tags are read from the API database. */
  readonly instance_uuids: readonly string[];
}

export interface SelectDestinations {
  readonly request_spec: RequestSpec;
  readonly instance_uuids: readonly string[];
  /** Whether alternates are wanted at all. */
  readonly return_alternates: boolean;
  /** `move`: the instances may hold allocations that are in use, which are never given back or taken for this request's. */
  readonly claim_mode?: 'build' | 'move';
}

export interface BuildAndRunInstance {
  readonly instance_uuid: string;
  readonly request_spec: RequestSpec;
  readonly image: ImageMeta | null;
  readonly requested_networks: RequestedNetworks;
  readonly admin_password: string | null;
  /** The host this message is for, claimed already. */
  readonly selection: Selection;
  /** What may still be tried, best first. */
  readonly alternates: readonly Selection[];
  /** 1 for the scheduler's choice; grows with each alternate. */
  readonly build_attempt: number;
}

/** agent → cell conductor after a failed spawn that may be tried elsewhere. */
export interface BuildInstances extends Omit<BuildAndRunInstance, 'selection'> {
  readonly failed_host: string;
  readonly reason: InstanceFault;
}

export interface TerminateInstance {
  readonly instance_uuid: string;
}

/** agent → cell conductor: one conditional change of an instance that lives on the agent's host. */
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

/** agent → cell conductor: takes the build on for this host (host, node, task_state null) unless it is stale. */
export interface BeginBuild {
  readonly host: string;
  readonly node: string;
  readonly instance_uuid: string;
  readonly compute_node_uuid: string;
  readonly build_attempt: number;
  readonly group: InstanceGroup | null;
}

/**
 * `begin`: go on (also when this very attempt was begun before and then interrupted); `done`: it is active already;
 * `group-violated`: the late check found the policy broken; `stale`: another attempt or a delete overtook it.
 */
export type BeginBuildResult =
  | { readonly outcome: 'begin'; readonly instance: Instance; readonly resumed: boolean }
  | { readonly outcome: 'done'; readonly instance: Instance }
  | { readonly outcome: 'group-violated'; readonly instance: Instance; readonly message: string }
  | { readonly outcome: 'stale' };

/** agent → cell conductor: the guest is gone; marks the row deleted. Safe to repeat. */
export interface DestroyInstance {
  readonly host: string;
  readonly instance_uuid: string;
}

export interface ActionEvent {
  readonly host: string;
  readonly instance_uuid: string;
  readonly request_id: string;
  /** `compute__do_build_and_run_instance`, `compute_terminate_instance`, … */
  readonly event: string;
  readonly result?: 'Success' | 'Error';
  readonly details?: string;
  readonly traceback?: string;
}

export interface ReportHost {
  readonly host: string;
  readonly binary: string;
  readonly topic: string;
  readonly version: number;
  /** Left out by services without hypervisors. */
  readonly nodes?: readonly ComputeNodeReport[];
}

export interface Heartbeat {
  readonly binary: string;
  readonly hosts: readonly string[];
}

export interface InstancesOnHost {
  readonly host: string;
}

/** Method name → arguments and result, for every message of the bus. `void` results are casts. */
export interface Rpc {
  // topic conductor, API level (super conductor)
  schedule_and_build_instances: { args: ScheduleAndBuildInstances; result: void };
  // topic scheduler, API level
  select_destinations: { args: SelectDestinations; result: import('./selection.js').SelectDestinationsResult };
  // topic compute, a host
  build_and_run_instance: { args: BuildAndRunInstance; result: void };
  terminate_instance: { args: TerminateInstance; result: void };
  set_host_enabled: { args: { host: string; enabled: boolean }; result: boolean };
  // topic conductor, in a cell; all calls but build_instances
  build_instances: { args: BuildInstances; result: void };
  begin_build: { args: BeginBuild; result: BeginBuildResult };
  update_instance: { args: UpdateInstance; result: UpdateInstanceResult };
  destroy_instance: { args: DestroyInstance; result: { readonly instance: Instance | null } };
  get_instance: { args: { host: string; instance_uuid: string }; result: Instance | null };
  instances_on_host: { args: InstancesOnHost; result: readonly Instance[] };
  action_event_start: { args: ActionEvent; result: boolean };
  action_event_finish: { args: ActionEvent; result: boolean };
  report_host: { args: ReportHost; result: ServiceInfo };
  heartbeat: { args: Heartbeat; result: ReadonlyArray<{ readonly host: string; readonly disabled: boolean }> };
}
export type RpcMethod = keyof Rpc;
