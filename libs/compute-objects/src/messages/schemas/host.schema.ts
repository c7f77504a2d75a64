import { schema } from '@kilonova/util';
import type { ComputeNodeReport } from '../../host.js';
import { nodeHardwareSchema } from './hardware.schema.js';

const { decimal, dictionary, integer, list, nameText, nullable, object, optional, text, triple, uuid } = schema;

const INT32 = 0x7fffffff;

export const computeNodeReportSchema = object<ComputeNodeReport>({
  uuid,
  hypervisor_hostname: nameText(),
  hypervisor_type: text(),
  hypervisor_version: integer(0, INT32),
  host_ip: text(39),
  vcpus: integer(0, INT32),
  memory_mb: integer(0, INT32),
  local_gb: integer(0, INT32),
  vcpus_used: integer(0, INT32),
  memory_mb_used: integer(0, INT32),
  local_gb_used: integer(0, INT32),
  running_vms: integer(0, INT32),
  current_workload: integer(0, INT32),
  disk_available_least: nullable(integer(-INT32, INT32)),
  cpu_info: text(65_535),
  supported_instances: list(triple(text())),
  cpu_allocation_ratio: decimal(),
  ram_allocation_ratio: decimal(),
  disk_allocation_ratio: decimal(),
  stats: dictionary(text()),
  hardware: optional(nullable(nodeHardwareSchema)),
});
