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
}

export interface Port {
  readonly id: string;
  readonly networkId: string;
  readonly macAddress: string;
  readonly fixedIps: ReadonlyArray<{ readonly address: string; readonly subnetId: string }>;
  /** The server that has it; empty: nobody. */
  readonly serverId: string;
  /** `ACTIVE`, `DOWN`, `BUILD` … */
  readonly status: string;
}

/** A port to be made for a server. */
export interface NewPort {
  readonly networkId: string;
  readonly projectId: string;
  readonly serverId: string;
  readonly host: string;
  /** Left out: any that is free. */
  readonly address?: string;
}

/** Done, or why the network service refuses: the words are for the caller. */
export type NetworkOutcome<T> =
  | ({ readonly outcome: 'done' } & T)
  | { readonly outcome: 'refused'; readonly reason: 'over-quota' | 'in-use' | 'invalid' | 'not-found'; readonly message: string };
