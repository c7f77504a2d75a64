import { LIVE_RESIZE_TRAIT } from '@kilonova/compute-objects';

/** What a driver can do, and the trait that says so. Source: the published map of driver capabilities; the last is ours. */
const TRAIT_OF = {
  supportsMultiattach: 'COMPUTE_VOLUME_MULTI_ATTACH',
  supportsExtendVolume: 'COMPUTE_VOLUME_EXTEND',
  supportsAttachInterface: 'COMPUTE_NET_ATTACH_INTERFACE',
  supportsTaggedAttachInterface: 'COMPUTE_NET_ATTACH_INTERFACE_WITH_TAG',
  supportsTaggedAttachVolume: 'COMPUTE_VOLUME_ATTACH_WITH_TAG',
  supportsDeviceTagging: 'COMPUTE_DEVICE_TAGGING',
  supportsTrustedCerts: 'COMPUTE_TRUSTED_CERTS',
  supportsAccelerators: 'COMPUTE_ACCELERATORS',
  supportsMigrateToSameHost: 'COMPUTE_SAME_HOST_COLD_MIGRATE',
  supportsBfvRescue: 'COMPUTE_RESCUE_BFV',
  supportsSecureBoot: 'COMPUTE_SECURITY_UEFI_SECURE_BOOT',
  supportsStatelessFirmware: 'COMPUTE_SECURITY_STATELESS_FIRMWARE',
  supportsSocketPciNumaAffinity: 'COMPUTE_SOCKET_PCI_NUMA_AFFINITY',
  supportsRemoteManagedPorts: 'COMPUTE_REMOTE_MANAGED_PORTS',
  supportsEphemeralEncryption: 'COMPUTE_EPHEMERAL_ENCRYPTION',
  supportsEphemeralEncryptionLuks: 'COMPUTE_EPHEMERAL_ENCRYPTION_LUKS',
  supportsEphemeralEncryptionPlain: 'COMPUTE_EPHEMERAL_ENCRYPTION_PLAIN',
  supportsAddressSpacePassthrough: 'COMPUTE_ADDRESS_SPACE_PASSTHROUGH',
  supportsAddressSpaceEmulated: 'COMPUTE_ADDRESS_SPACE_EMULATED',
  supportsVirtioFs: 'COMPUTE_STORAGE_VIRTIO_FS',
  supportsMemBackingFile: 'COMPUTE_MEM_BACKING_FILE',
  canLiveResize: LIVE_RESIZE_TRAIT,
} as const;

/** Disk formats that have a trait. */
const IMAGE_TYPES = ['raw', 'qcow2', 'iso', 'aki', 'ami', 'ari', 'vdi', 'vhd', 'vhdx', 'vmdk', 'ploop'] as const;

export type DriverCapability = keyof typeof TRAIT_OF;

/** What a driver can do; each capability is reported as a trait, and the trait is taken away when it is lost. Left out: it can't. */
export type DriverCapabilities = Readonly<Partial<Record<DriverCapability, boolean>>> & {
  readonly imageTypes: ReadonlyArray<(typeof IMAGE_TYPES)[number]>;
};

const capabilityNames = Object.keys(TRAIT_OF) as DriverCapability[];
const imageTrait = (type: string): string => `COMPUTE_IMAGE_TYPE_${type.toUpperCase()}`;

/** Every trait that tells of a capability, had or not: no other is taken off a provider for being none. */
export const CAPABILITY_TRAITS: ReadonlySet<string> = new Set([
  'COMPUTE_NODE',
  ...Object.values(TRAIT_OF),
  ...IMAGE_TYPES.map(imageTrait),
]);

/** The traits of a driver's capabilities, `COMPUTE_NODE` among them. */
export const capabilityTraits = (capabilities: DriverCapabilities): readonly string[] => [
  'COMPUTE_NODE',
  ...capabilityNames.filter((name) => capabilities[name] === true).map((name) => TRAIT_OF[name]),
  ...capabilities.imageTypes.map(imageTrait),
];
