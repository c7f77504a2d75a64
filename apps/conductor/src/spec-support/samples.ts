import type { AcceptedBoot } from '@kilonova/api-db';
import type { ComputeNodeReport, RequestSpec } from '@kilonova/compute-objects';
import { anInstance, aRequestSpec, nodeUuidOf } from '@kilonova/compute-samples';

/** A boot as the API accepts it. */
export const aBoot = (requestId: string, spec: Partial<RequestSpec> = {}): AcceptedBoot => {
  const instance = anInstance();
  return { instance, spec: aRequestSpec(instance.uuid, spec), admin_password: 'secret', request_id: requestId };
};

/** A node as its agent reports it. */
export const aNodeReport = (name: string): ComputeNodeReport => ({
  uuid: nodeUuidOf(name),
  hypervisor_hostname: name,
  hypervisor_type: 'fake',
  hypervisor_version: 1,
  host_ip: '127.0.0.1',
  vcpus: 4,
  memory_mb: 1024,
  local_gb: 10,
  vcpus_used: 0,
  memory_mb_used: 0,
  local_gb_used: 0,
  running_vms: 0,
  current_workload: 0,
  disk_available_least: null,
  cpu_info: '',
  supported_instances: [['x86_64', 'fake', 'hvm']],
  cpu_allocation_ratio: 4,
  ram_allocation_ratio: 1,
  disk_allocation_ratio: 1,
  stats: { failed_builds: '0' },
});
