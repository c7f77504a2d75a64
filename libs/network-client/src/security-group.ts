/** Which traffic passes to the ports that are in it. */
export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly projectId: string;
  readonly rules: readonly SecurityGroupRule[];
}

/** Traffic that passes; from one address range, or from the ports of one group. */
export interface SecurityGroupRule {
  readonly id: string;
  readonly groupId: string;
  readonly direction: 'ingress' | 'egress';
  readonly ethertype: 'IPv4' | 'IPv6';
  /** `tcp`, `udp`, `icmp` …; null: any. */
  readonly protocol: string | null;
  /** Ports, or type and code of ICMP; null: any. */
  readonly from: number | null;
  readonly to: number | null;
  /** `10.0.0.0/8`; null: any. */
  readonly cidr: string | null;
  readonly remoteGroupId: string | null;
}

export type NewRule = Omit<SecurityGroupRule, 'id'>;
/** What its owner says of a group. */
export type GroupWords = Pick<SecurityGroup, 'name' | 'description'>;
