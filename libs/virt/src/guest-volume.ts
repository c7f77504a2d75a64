/** How a host reaches storage, as the volume service wants to know. Source: the connectors of os-brick. */
export interface VolumeConnector {
  readonly host: string;
  readonly ip: string;
  readonly initiator: string;
  readonly multipath: boolean;
  readonly platform: string;
  readonly os_type: string;
}

/** A snapshot of a volume in files, which the hypervisor makes because it has the volume open. */
export interface VolumeSnapshot {
  /** By which the volume service knows it. */
  readonly id: string;
  /** What it says of the files: format, names. */
  readonly info: Readonly<Record<string, unknown>>;
}

/** A volume that is open to this host, for one guest. */
export interface GuestVolume {
  readonly volumeId: string;
  /** Where the guest sees it, e.g. `/dev/vdb`. */
  readonly deviceName: string;
  readonly bootIndex: number | null;
  readonly diskBus: string | null;
  readonly deviceType: string | null;
  readonly tag: string | null;
  /** From the volume service; may hold passwords: never stored, never logged. */
  readonly connection: Readonly<Record<string, unknown>>;
}
