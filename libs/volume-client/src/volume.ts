/** Who asks for something of the volume service: what it lets them see and do, it decides by their own token. */
export interface Requester {
  /** Never stored, never logged. */
  readonly token: string;
  readonly projectId: string;
  readonly isAdmin: boolean;
}

export interface Volume {
  readonly id: string;
  /** `available`, `in-use`, `creating`, `error` … */
  readonly status: string;
  /** GiB. */
  readonly size: number;
  readonly bootable: boolean;
  readonly multiattach: boolean;
  readonly availabilityZone: string | null;
  /** Of the image that it was made of; empty when it was made of none. */
  readonly imageMetadata: Readonly<Record<string, string>>;
  /** Set while the volume service moves it to another backend. */
  readonly migrationStatus: string | null;
}

export interface Snapshot {
  readonly id: string;
  /** GiB. */
  readonly size: number;
}

/** How far a hypervisor is with a snapshot: it is made, or removed, as far as it goes; or that failed. Source: Cinder. */
export type SnapshotStatus = 'creating' | 'error' | 'deleting' | 'error_deleting';

/** A volume to be made; of nothing, where neither image nor snapshot is named. */
export interface NewVolume {
  /** GiB. */
  readonly size: number;
  readonly imageId?: string;
  readonly snapshotId?: string;
  /** Name or id. */
  readonly type?: string;
}

/** The tie between one volume and one server: reserved, then connected to a host, then complete. */
export interface Attachment {
  readonly id: string;
  readonly volumeId: string;
  readonly serverId: string;
  /** The host that it is connected to; null while it is only reserved. */
  readonly host: string | null;
}

/** How a host reaches storage. Source: the connectors of os-brick. */
export interface Connector {
  readonly host: string;
  readonly ip: string;
  readonly initiator: string;
  readonly multipath: boolean;
  readonly platform: string;
  readonly os_type: string;
  /** Where the guest sees it, e.g. `/dev/vdb`. */
  readonly mountpoint?: string;
}

/** What a hypervisor needs to open a volume. May hold passwords: given to the driver, never stored, never logged. */
export type ConnectionInfo = Readonly<Record<string, unknown>>;

export type RefusedReason = 'over-quota' | 'invalid' | 'not-found' | 'forbidden';

/** The volume service refuses; the words are for the caller. */
export interface Refused {
  readonly outcome: 'refused';
  readonly reason: RefusedReason;
  readonly message: string;
}

export type VolumeOutcome<T> = ({ readonly outcome: 'done' } & T) | Refused;
