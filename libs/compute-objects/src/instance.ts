import type { Flavor } from './flavor.js';
import type { Vif } from './network-info.js';
import type { PowerState, TaskState, VmState } from './states.js';

/** Times cross the bus as ISO 8601 text in UTC. */
export type IsoTime = string;

/**
 * An instance as it travels between API, conductors and agents: the row of the cell database with its satellites.
 * In a build request (no cell yet) host, node, launched_at are null.
 */
export interface Instance {
  readonly uuid: string;
  /** Row id in the cell database; gives the name `instance-%08x`. 0 before the row exists. */
  readonly id: number;
  readonly display_name: string;
  readonly display_description: string | null;
  readonly hostname: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly reservation_id: string;
  readonly launch_index: number;
  readonly vm_state: VmState;
  readonly task_state: TaskState | null;
  readonly power_state: PowerState;
  readonly progress: number;
  readonly host: string | null;
  readonly node: string | null;
  readonly launched_on: string | null;
  readonly compute_node_uuid: string | null;
  readonly availability_zone: string | null;
  readonly image_ref: string | null;
  readonly kernel_id: string | null;
  readonly ramdisk_id: string | null;
  readonly flavor: Flavor;
  readonly key_name: string | null;
  readonly key_data: string | null;
  readonly keypairs: readonly InstanceKeypair[];
  readonly user_data: string | null;
  readonly config_drive: string;
  readonly access_ip_v4: string | null;
  readonly access_ip_v6: string | null;
  readonly auto_disk_config: boolean;
  readonly root_device_name: string | null;
  readonly os_type: string | null;
  readonly architecture: string | null;
  readonly locked: boolean;
  readonly locked_by: 'owner' | 'admin' | null;
  readonly locked_reason: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Facts about the image and bookkeeping of operations: `image_*`, `old_vm_state`, … */
  readonly system_metadata: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  readonly trusted_certs: readonly string[] | null;
  readonly created_at: IsoTime;
  readonly updated_at: IsoTime | null;
  readonly launched_at: IsoTime | null;
  readonly terminated_at: IsoTime | null;
  readonly deleted_at: IsoTime | null;
  readonly fault: InstanceFault | null;
  /** Its network interfaces, as its cell remembers them. */
  readonly network_info: readonly Vif[];
}

export interface InstanceKeypair {
  readonly name: string;
  readonly user_id: string;
  readonly type: 'ssh' | 'x509';
  readonly fingerprint: string;
  readonly public_key: string;
}

/** The last error of an instance. `details` is for administrators. */
export interface InstanceFault {
  readonly code: number;
  readonly message: string;
  readonly details: string;
  readonly host: string | null;
  readonly created_at: IsoTime;
}

/** Fields that conductors and the API change by themselves; what agents report is narrower, see `StepUpdates`. */
export type InstanceUpdates = Partial<
  Pick<
    Instance,
    | 'vm_state'
    | 'task_state'
    | 'power_state'
    | 'progress'
    | 'host'
    | 'node'
    | 'launched_on'
    | 'compute_node_uuid'
    | 'launched_at'
    | 'terminated_at'
    | 'availability_zone'
    | 'root_device_name'
    | 'system_metadata'
    | 'network_info'
  >
>;
