import type { Flavor } from '@kilonova/compute-objects';
import { type VersionedObject, versionedObject } from './object.js';

/** FlavorPayload 1.4. `projects` is only known where a flavor itself is the subject. */
export const flavorPayload = (flavor: Flavor, projects: readonly string[] | null = null): VersionedObject =>
  versionedObject('FlavorPayload', '1.4', {
    flavorid: flavor.flavorid,
    memory_mb: flavor.memory_mb,
    vcpus: flavor.vcpus,
    root_gb: flavor.root_gb,
    ephemeral_gb: flavor.ephemeral_gb,
    name: flavor.name,
    swap: flavor.swap,
    rxtx_factor: flavor.rxtx_factor,
    vcpu_weight: 0,
    disabled: flavor.disabled,
    is_public: flavor.is_public,
    extra_specs: flavor.extra_specs,
    projects,
    description: flavor.description,
  });
