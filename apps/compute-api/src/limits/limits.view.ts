import { Since } from '../common/model/microversion.js';
import type { Amounts } from '../quota/quota.service.js';

interface Row {
  readonly name: string;
  readonly value: (limits: Amounts, usage: Amounts) => number | undefined;
  /** The first microversion (major · 1000 + minor) that does not show it. */
  readonly goneSince?: number;
}

const limit = (name: string, resource: string, goneSince?: number): Row => ({
  name,
  value: (limits) => limits[resource],
  goneSince,
});
const used = (name: string, resource: string, goneSince?: number): Row => ({
  name,
  value: (_limits, usage) => usage[resource] ?? 0,
  goneSince,
});

const ROWS: readonly Row[] = [
  limit('maxTotalInstances', 'instances'),
  limit('maxTotalCores', 'cores'),
  limit('maxTotalRAMSize', 'ram'),
  limit('maxServerMeta', 'metadata_items'),
  limit('maxImageMeta', 'metadata_items', Since.noImageMetadata),
  limit('maxPersonality', 'injected_files', Since.noInjectedFiles),
  limit('maxPersonalitySize', 'injected_file_content_bytes', Since.noInjectedFiles),
  limit('maxTotalKeypairs', 'key_pairs'),
  limit('maxServerGroups', 'server_groups'),
  limit('maxServerGroupMembers', 'server_group_members'),
  limit('maxTotalFloatingIps', 'floating_ips', Since.noProxies),
  limit('maxSecurityGroups', 'security_groups', Since.noProxies),
  limit('maxSecurityGroupRules', 'security_group_rules', Since.noProxies),
  used('totalRAMUsed', 'ram'),
  used('totalCoresUsed', 'cores'),
  used('totalInstancesUsed', 'instances'),
  used('totalFloatingIpsUsed', 'floating_ips', Since.noProxies),
  used('totalSecurityGroupsUsed', 'security_groups', Since.noProxies),
  used('totalServerGroupsUsed', 'server_groups'),
];

/** A project's absolute limits at a microversion. */
export const absoluteLimits = (version: number, limits: Amounts, usage: Amounts): Record<string, number> =>
  Object.fromEntries(
    ROWS.filter((row) => row.goneSince === undefined || version < row.goneSince).map((row) => [
      row.name,
      row.value(limits, usage) ?? -1,
    ]),
  );
