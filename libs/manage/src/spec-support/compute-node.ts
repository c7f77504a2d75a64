import { randomUUID } from 'node:crypto';

/** A node as an agent reports it, as small as can be. */
export const nodeReport = (host: string) => ({
  uuid: randomUUID(),
  hypervisor_hostname: host,
  hypervisor_type: 'fake',
  hypervisor_version: 1,
  host_ip: '127.0.0.1',
  vcpus: 1,
  memory_mb: 1,
  local_gb: 1,
  vcpus_used: 0,
  memory_mb_used: 0,
  local_gb_used: 0,
  running_vms: 0,
  current_workload: 0,
  disk_available_least: null,
  cpu_info: '',
  supported_instances: [],
  cpu_allocation_ratio: 1,
  ram_allocation_ratio: 1,
  disk_allocation_ratio: 1,
  stats: {},
});
