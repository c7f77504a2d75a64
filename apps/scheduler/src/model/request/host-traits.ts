import type { RequestSpec } from '@kilonova/compute-objects';
import { hardware, isTrue } from './hardware-traits.js';

/** Image property → what its value is a trait of. */
const IMAGE_METADATA: Readonly<Record<string, string>> = {
  hw_cdrom_bus: 'COMPUTE_STORAGE_BUS_',
  hw_disk_bus: 'COMPUTE_STORAGE_BUS_',
  hw_video_model: 'COMPUTE_GRAPHICS_MODEL_',
  hw_vif_model: 'COMPUTE_NET_VIF_MODEL_',
  hw_architecture: 'HW_ARCH_',
  hw_emulation_architecture: 'COMPUTE_ARCH_',
  hw_viommu_model: 'COMPUTE_VIOMMU_MODEL_',
};

const asTrait = (value: string): string => value.toUpperCase().replace(/[^A-Z0-9]/g, '_');

/** Traits of the node that the image's buses, models and architectures stand for. */
export function imageMetadataTraits(spec: RequestSpec): readonly string[] {
  const traits = Object.entries(spec.image?.properties ?? {}).flatMap(([key, value]) => {
    const prefix = IMAGE_METADATA[key];
    return prefix === undefined ? [] : [`${prefix}${asTrait(value)}`];
  });
  return [...new Set(traits)];
}

function ofEncryption(spec: RequestSpec): readonly string[] {
  if (!isTrue(hardware(spec, 'ephemeral_encryption'))) return [];
  const format = hardware(spec, 'ephemeral_encryption_format');
  const trait = 'COMPUTE_EPHEMERAL_ENCRYPTION';
  return format === undefined ? [trait] : [trait, `${trait}_${asTrait(format)}`];
}

function ofTpmSecrets(spec: RequestSpec): readonly string[] {
  const isAsked = hardware(spec, 'tpm_version') !== undefined || hardware(spec, 'tpm_model') !== undefined;
  if (!isAsked) return [];
  return [`COMPUTE_SECURITY_TPM_SECRET_SECURITY_${asTrait(spec.flavor.extra_specs['hw:tpm_secret_security'] ?? 'user')}`];
}

/** Traits of the node without which a device or a protection that the request names is not to be had. */
export const capabilityTraits = (spec: RequestSpec): readonly string[] => [
  ...(spec.flavor.extra_specs['accel:device_profile'] === undefined ? [] : ['COMPUTE_ACCELERATORS']),
  ...(isTrue(hardware(spec, 'virtio_packed_ring')) ? ['COMPUTE_NET_VIRTIO_PACKED'] : []),
  ...ofEncryption(spec),
  ...(hardware(spec, 'sound_model') === 'virtio' ? ['COMPUTE_SOUND_MODEL_VIRTIO'] : []),
  ...ofTpmSecrets(spec),
];
