import type { RequestSpec } from '@kilonova/compute-objects';

/** The request spec in the shape that consumers of the unversioned family know. */
export const legacyRequestSpec = (spec: RequestSpec): Record<string, unknown> => ({
  num_instances: spec.num_instances,
  image: spec.image ?? {},
  instance_properties: {
    numa_topology: null,
    pci_requests: null,
    project_id: spec.project_id,
    user_id: spec.user_id,
    availability_zone: spec.availability_zone,
    uuid: spec.instance_uuid,
    root_gb: spec.flavor.root_gb,
    ephemeral_gb: spec.flavor.ephemeral_gb,
    memory_mb: spec.flavor.memory_mb,
    vcpus: spec.flavor.vcpus,
  },
  instance_type: { ...spec.flavor, vcpu_weight: 0, created_at: null, updated_at: null, deleted_at: null, deleted: false },
});
