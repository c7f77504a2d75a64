import type { NodeHardware } from './hardware/index.js';

/** A service row: one running (or once running) process of a role on a host. */
export interface ServiceInfo {
  readonly id: number;
  readonly uuid: string;
  readonly host: string;
  /** `nova-compute`, `nova-conductor`, `nova-scheduler`: the names that clients know. */
  readonly binary: string;
  readonly topic: string;
  readonly report_count: number;
  readonly disabled: boolean;
  readonly disabled_reason: string | null;
  readonly forced_down: boolean;
  readonly last_seen_up: string | null;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string | null;
}

/** What an agent reports of one hypervisor node. Sizes: MiB for memory, GiB for disk. */
export interface ComputeNodeReport {
  readonly uuid: string;
  readonly hypervisor_hostname: string;
  readonly hypervisor_type: string;
  readonly hypervisor_version: number;
  readonly host_ip: string;
  readonly vcpus: number;
  readonly memory_mb: number;
  readonly local_gb: number;
  readonly vcpus_used: number;
  readonly memory_mb_used: number;
  readonly local_gb_used: number;
  readonly running_vms: number;
  readonly current_workload: number;
  readonly disk_available_least: number | null;
  readonly cpu_info: string;
  /** `[architecture, hypervisor type, vm mode]`, e.g. `['x86_64','fake','hvm']`. */
  readonly supported_instances: ReadonlyArray<readonly [string, string, string]>;
  readonly cpu_allocation_ratio: number;
  readonly ram_allocation_ratio: number;
  readonly disk_allocation_ratio: number;
  /** Counters such as `failed_builds`, `num_instances`; `uptime`: the host's uptime as text. */
  readonly stats: Readonly<Record<string, string>>;
  /** NUMA cells and devices, and who has what of them; left out or null where the hypervisor tells of none. */
  readonly hardware?: NodeHardware | null;
}

/** The trait of nodes whose guests can be given another flavor while they run. */
export const LIVE_RESIZE_TRAIT = 'CUSTOM_KILONOVA_LIVE_RESIZE';
