/** What a driver can do; each capability is reported as a trait, and the trait is taken away when it is lost. */
export interface DriverCapabilities {
  readonly supportsMultiattach: boolean;
  readonly supportsExtendVolume: boolean;
  readonly supportsAttachInterface: boolean;
  readonly supportsTaggedAttachInterface: boolean;
  readonly supportsTaggedAttachVolume: boolean;
  readonly supportsDeviceTagging: boolean;
  readonly supportsTrustedCerts: boolean;
  readonly supportsAccelerators: boolean;
  readonly supportsMigrateToSameHost: boolean;
  readonly supportsBfvRescue: boolean;
  readonly imageTypes: readonly string[];
}

const TRAITS: ReadonlyArray<readonly [keyof Omit<DriverCapabilities, 'imageTypes'>, string]> = [
  ['supportsMultiattach', 'COMPUTE_VOLUME_MULTI_ATTACH'],
  ['supportsExtendVolume', 'COMPUTE_VOLUME_EXTEND'],
  ['supportsAttachInterface', 'COMPUTE_NET_ATTACH_INTERFACE'],
  ['supportsTaggedAttachInterface', 'COMPUTE_NET_ATTACH_INTERFACE_WITH_TAG'],
  ['supportsTaggedAttachVolume', 'COMPUTE_VOLUME_ATTACH_WITH_TAG'],
  ['supportsDeviceTagging', 'COMPUTE_DEVICE_TAGGING'],
  ['supportsTrustedCerts', 'COMPUTE_TRUSTED_CERTS'],
  ['supportsAccelerators', 'COMPUTE_ACCELERATORS'],
  ['supportsMigrateToSameHost', 'COMPUTE_SAME_HOST_COLD_MIGRATE'],
  ['supportsBfvRescue', 'COMPUTE_RESCUE_BFV'],
];

/** The standard traits of a driver's capabilities, `COMPUTE_NODE` among them. */
export const capabilityTraits = (capabilities: DriverCapabilities): readonly string[] => [
  'COMPUTE_NODE',
  ...TRAITS.filter(([key]) => capabilities[key]).map(([, trait]) => trait),
  ...capabilities.imageTypes.map((type) => `COMPUTE_IMAGE_TYPE_${type.toUpperCase()}`),
];
