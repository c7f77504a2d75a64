import type { BlockDevice } from '../block-device.js';
import type { Flavor } from '../flavor.js';
import type { ImageMeta } from '../image-meta.js';
import type { Instance } from '../instance.js';
import type { RequestedNetworks, RequestSpec } from '../request-spec.js';
import type { Selection } from '../selection.js';
import type { OperationName, OperationOfStep, StepName } from './operation-table.js';

/** What the operations keep that need more than the server. */
interface ArgumentsByOperation {
  build: BuildArguments;
  stop: StopArguments;
  attachVolume: VolumeArguments;
  detachVolume: VolumeArguments;
  swapVolume: VolumeArguments;
  extendVolume: ExtendVolumeArguments;
  createVolumeSnapshot: VolumeSnapshotArguments;
  deleteVolumeSnapshot: VolumeSnapshotArguments;
  attachInterface: AttachInterfaceArguments;
  detachInterface: InterfaceArguments;
  rescue: RescueArguments;
  changePassword: PasswordArguments;
  createImage: SnapshotArguments;
  createBackup: BackupArguments;
  rebuild: RebuildArguments;
  rebuildElsewhere: RebuildArguments;
  shelve: SnapshotArguments;
  startShelved: ShelvedArguments;
  unshelve: UnshelveArguments;
  resize: PlacedArguments;
  liveResize: PlacedArguments;
  liveMigration: LiveMigrationArguments;
  rollBackLiveMigration: LiveMigrationArguments;
  evacuate: EvacuateArguments;
}

/** What an operation is about beside its server: its notifications name it. */
export interface OperationSubject {
  readonly volume_id?: string;
  readonly new_volume_id?: string;
  readonly port_id?: string;
  readonly image_id?: string;
}

/** What an operation keeps from its acceptance to its end; agents see of it what their step needs. */
export type OperationArguments = {
  [O in OperationName]: O extends keyof ArgumentsByOperation ? ArgumentsByOperation[O] : Readonly<Record<string, never>>;
};

export interface BuildArguments {
  readonly request_spec: RequestSpec;
  readonly image: ImageMeta | null;
  readonly requested_networks: RequestedNetworks;
  readonly admin_password: string | null;
  /** Disks beside flavor and image; left out: none. */
  readonly block_devices?: readonly BlockDevice[];
  /** The host of the present attempt, claimed. */
  readonly selection: Selection;
  /** What may still be tried, best first. */
  readonly alternates: readonly Selection[];
}

/**
 * What an operation keeps that needs a host: what was asked for, and, once the super conductor has found a host, which. The
 * arguments of every operation with `placed` are these, or more.
 */
export interface PlacedArguments {
  /** The flavor that the host has to have room for; null: the server's. */
  readonly flavor: Flavor | null;
  /** The host that was asked for, which is judged like any other; null: whichever fits best. */
  readonly requested_host: string | null;
  /** As it was scheduled with; null while no host was found. */
  readonly request_spec: RequestSpec | null;
  /** The host of the present attempt, claimed; null while none was found. */
  readonly selection: Selection | null;
  /** What may still be tried, best first. */
  readonly alternates: readonly Selection[];
}

/** What is asked of the super conductor: nothing is chosen yet. */
export const unplaced = (given: Partial<Pick<PlacedArguments, 'flavor' | 'requested_host'>> = {}): PlacedArguments => ({
  flavor: null,
  requested_host: null,
  ...given,
  request_spec: null,
  selection: null,
  alternates: [],
});

export interface VolumeArguments {
  readonly subject: OperationSubject & { readonly volume_id: string };
  /** Uuid of the server's disk that it is about. */
  readonly block_device: string;
}

export interface ExtendVolumeArguments {
  readonly subject: OperationSubject & { readonly volume_id: string };
}

/** A snapshot of a volume that its hypervisor makes or removes for the volume service. */
export interface VolumeSnapshotArguments {
  readonly subject: OperationSubject & { readonly volume_id: string };
  readonly snapshot_id: string;
  /** What the volume service tells the hypervisor of files, as it came. */
  readonly info: Readonly<Record<string, unknown>>;
}

export interface InterfaceArguments {
  readonly subject: OperationSubject & { readonly port_id: string };
}

/** The port is there already; the agent gives it to the guest. */
export interface AttachInterfaceArguments extends InterfaceArguments {
  /** The port is its owner's, and outlives the server. */
  readonly preserve: boolean;
  readonly tag: string | null;
}

export interface EvacuateArguments extends PlacedArguments {
  /** What the guest is made from; null: a volume, or an image that is not known any more. */
  readonly image: ImageMeta | null;
  readonly admin_password: string | null;
  /** The guest is off in the end, whatever it was before. */
  readonly ends_stopped: boolean;
  /** The host that was asked for is not judged. */
  readonly forced: boolean;
}

export interface LiveMigrationArguments extends PlacedArguments {
  /** Whether disks are copied as well; null: where the hosts have no storage in common. */
  readonly block_migration: boolean | null;
  /** Whether more disk may be promised than there is; null: not said. */
  readonly disk_over_commit: boolean | null;
  /** The host that was asked for is not judged. */
  readonly forced: boolean;
  /** It was aborted: what has not begun does not begin, and the end is `cancelled`. Set while it is under way. */
  readonly cancelled?: boolean;
}

export interface StopArguments {
  /** Whether the guest is asked to shut down before its power is cut. */
  readonly clean_shutdown: boolean;
}

export interface RescueArguments {
  /** The image that the caller named; null: the one that the server was made from. */
  readonly rescue_image_ref: string | null;
  /** What is known of it; null as well where the caller named none. */
  readonly image: ImageMeta | null;
  readonly admin_password: string;
}

export interface PasswordArguments {
  readonly admin_password: string;
}

/** What a snapshot is made for. */
export interface SnapshotArguments {
  /** The image that it becomes; the API has created it, without data. */
  readonly subject: { readonly image_id: string };
  /** As the image says, e.g. `qcow2`: what the agent has to deliver. */
  readonly disk_format: string;
}

/** The image of a shelved server; none where it was on volumes alone. */
export interface ShelvedArguments {
  readonly subject: { readonly image_id?: string };
}

export interface UnshelveArguments extends PlacedArguments, ShelvedArguments {
  readonly image: ImageMeta | null;
}

export interface RebuildArguments extends PlacedArguments {
  /** What the server is made of from then on. */
  readonly image: ImageMeta;
  readonly admin_password: string;
  readonly preserve_ephemeral: boolean;
  /** The image takes the place of what the volume that it boots from holds; left out: what is there stays. */
  readonly reimages_boot_volume?: boolean;
  /** What else becomes of the server, once its host was found to do; nothing of it is stored before. */
  readonly changes: RebuildChanges;
}

/** What a rebuild may change of a server, beside what its disk holds. */
export type RebuildChanges = Partial<
  Pick<
    Instance,
    | 'display_name'
    | 'display_description'
    | 'hostname'
    | 'metadata'
    | 'access_ip_v4'
    | 'access_ip_v6'
    | 'auto_disk_config'
    | 'key_name'
    | 'key_data'
    | 'keypairs'
    | 'user_data'
    | 'image_ref'
    | 'kernel_id'
    | 'ramdisk_id'
    | 'os_type'
    | 'architecture'
    | 'system_metadata'
  >
>;

export interface BackupArguments extends SnapshotArguments {
  readonly backup_type: string;
  /** How many images of this type are kept, this one among them; 0: none. */
  readonly rotation: number;
}

/** Of operations with a host that was looked for, what only the conductors need. */
type Placing = 'request_spec' | 'selection' | 'alternates';
/** What of an operation's arguments its agents see. */
type AgentsPart<A> = A extends { readonly alternates: readonly Selection[] } ? Omit<A, Placing> : A;

/** What a step's agent is given when it takes the step. */
export type StepArguments = { [S in StepName]: AgentsPart<OperationArguments[OperationOfStep<S>]> };

/** What a step's agent is given of its operation's arguments: all but what is the conductors' own. */
export function stepArguments(all: OperationArguments[OperationName]): StepArguments[StepName] {
  const { request_spec: _spec, selection: _selection, alternates: _alternates, ...part } = all as Partial<PlacedArguments>;
  return part as StepArguments[StepName];
}
