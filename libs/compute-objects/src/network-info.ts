/** An address of a network interface. */
export interface FixedIp {
  readonly address: string;
  readonly version: 4 | 6;
  readonly subnet_id: string;
}

/**
 * A network interface of a server as its cell remembers it: what tenants see of addresses comes from here, whether the network
 * service answers or not.
 */
export interface Vif {
  readonly port_id: string;
  readonly network_id: string;
  /** The network's name. */
  readonly label: string;
  readonly mac_address: string;
  readonly fixed_ips: readonly FixedIp[];
  /** `ACTIVE`, `DOWN`, `BUILD`: as the network service had it last. */
  readonly port_state: string;
  /** Names; left out: not looked up yet. */
  readonly security_groups?: readonly string[];
  /** The port was there before the server, and outlives it. */
  readonly preserve: boolean;
  readonly tag: string | null;
}
