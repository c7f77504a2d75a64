/** Who asks for something of the network service: what it lets them see, it decides by their own token. */
export interface Requester {
  /** Never stored, never logged. */
  readonly token: string;
  readonly projectId: string;
  readonly isAdmin: boolean;
}

export interface Network {
  readonly id: string;
  readonly name: string;
  /** Has subnets: an interface in it gets an address. */
  readonly hasSubnets: boolean;
  /** Leads out of the cloud, and is not shared: who may not use it is refused by our own policy. */
  readonly isExternal: boolean;
}

export interface Subnet {
  readonly id: string;
  readonly networkId: string;
  /** The part of a routed network that it belongs to; null: the network is not routed. */
  readonly segmentId: string | null;
}

export interface Port {
  readonly id: string;
  /** Whose it is. Others may see it, as the owner of its network does, and name any server as the one that has theirs. */
  readonly projectId: string;
  readonly networkId: string;
  readonly macAddress: string;
  readonly fixedIps: ReadonlyArray<{ readonly address: string; readonly subnetId: string }>;
  /** The server that has it; empty: nobody. */
  readonly serverId: string;
  /** `ACTIVE`, `DOWN`, `BUILD` … */
  readonly status: string;
  /** How it reaches a guest: `normal`, or a device of the host such as `direct`. */
  readonly vnicType: string;
  /** It was made with a demand (bandwidth, packets) that a host has to have room for. */
  readonly needsResources: boolean;
  /** Ids. */
  readonly securityGroups: readonly string[];
  /** False: its owner has no traffic of it filtered, and it can be in no group. */
  readonly portSecurity: boolean;
}

/** An address that a port is to have; which one, the network service chooses where none is said. */
export interface WantedIp {
  readonly subnetId: string;
  readonly address?: string;
}

/** A port to be made for a server. */
export interface NewPort {
  readonly networkId: string;
  readonly projectId: string;
  readonly serverId: string;
  readonly host: string;
  /** Left out: any that is free. */
  readonly address?: string;
  /** Ids; left out: the project's own default. */
  readonly securityGroups?: readonly string[];
}

/** `over-quota`: the project may have no more; `no-address`: the network has none left. */
export type RefusalReason = 'over-quota' | 'no-address' | 'in-use' | 'invalid' | 'not-found';

/** Done, or why the network service refuses: the words are for the caller. */
export type NetworkOutcome<T> =
  | ({ readonly outcome: 'done' } & T)
  | { readonly outcome: 'refused'; readonly reason: RefusalReason; readonly message: string };
