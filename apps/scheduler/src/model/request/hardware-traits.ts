import type { RequestSpec } from '@kilonova/compute-objects';

/** What flavor and image ask of a host beyond sizes. */
export interface HardwareTraits {
  readonly required: readonly string[];
  readonly forbidden: readonly string[];
}

/** A flavor's `hw:x_y` stands above the image's `hw_x_y`; that both agree was seen to when the request came. */
export const hardware = (spec: RequestSpec, name: string): string | undefined =>
  spec.flavor.extra_specs[`hw:${name}`] ?? spec.image?.properties[`hw_${name}`];

export const isTrue = (value: string | undefined): boolean =>
  ['true', '1', 'yes', 'on', 't', 'y'].includes((value ?? '').toLowerCase());

const MEMORY_ENCRYPTION: Readonly<Record<string, string>> = {
  'amd-sev': 'HW_CPU_X86_AMD_SEV',
  'amd-sev-es': 'HW_CPU_X86_AMD_SEV_ES',
  'amd-sev-snp': 'HW_CPU_X86_AMD_SEV_SNP',
};

function ofMemoryEncryption(spec: RequestSpec): readonly string[] {
  if (!isTrue(hardware(spec, 'mem_encryption'))) return [];
  return [MEMORY_ENCRYPTION[hardware(spec, 'mem_encryption_model') ?? 'amd-sev'] ?? 'HW_CPU_X86_AMD_SEV'];
}

/** A version without a model means the interface that it always had. */
function ofTpm(spec: RequestSpec): readonly string[] {
  const [version, model] = [hardware(spec, 'tpm_version'), hardware(spec, 'tpm_model')];
  if (version === undefined && model === undefined) return [];
  const traits = [`COMPUTE_SECURITY_TPM_${(version ?? '2.0').replace('.', '_')}`];
  return model === undefined ? traits : [...traits, `COMPUTE_SECURITY_TPM_${model.replace('tpm-', '').toUpperCase()}`];
}

function ofFirmware(spec: RequestSpec): readonly string[] {
  const secureBoot = spec.flavor.extra_specs['os:secure_boot'] ?? spec.image?.properties['os_secure_boot'];
  return [
    ...(secureBoot === 'required' ? ['COMPUTE_SECURITY_UEFI_SECURE_BOOT'] : []),
    ...(isTrue(spec.image?.properties['hw_firmware_stateless']) ? ['COMPUTE_SECURITY_STATELESS_FIRMWARE'] : []),
  ];
}

const ADDRESS_SPACE: Readonly<Record<string, string>> = {
  passthrough: 'COMPUTE_ADDRESS_SPACE_PASSTHROUGH',
  emulate: 'COMPUTE_ADDRESS_SPACE_EMULATED',
};

/** Traits of the group without a suffix that `hw:*`, `hw_*` and `os:*` stand for. */
export function hardwareTraits(spec: RequestSpec): HardwareTraits {
  const threads = hardware(spec, 'cpu_thread_policy');
  const addressSpace = ADDRESS_SPACE[hardware(spec, 'maxphysaddr_mode') ?? ''];
  return {
    required: [
      ...(threads === 'require' ? ['HW_CPU_HYPERTHREADING'] : []),
      ...ofMemoryEncryption(spec),
      ...ofTpm(spec),
      ...ofFirmware(spec),
      ...(addressSpace === undefined ? [] : [addressSpace]),
      ...(hardware(spec, 'pci_numa_affinity_policy') === 'socket' ? ['COMPUTE_SOCKET_PCI_NUMA_AFFINITY'] : []),
    ],
    forbidden: threads === 'isolate' ? ['HW_CPU_HYPERTHREADING'] : [],
  };
}
