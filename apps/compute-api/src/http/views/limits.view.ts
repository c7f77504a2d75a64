import type { Amounts } from '../../service/quota.service.js';

interface Row {
  readonly name: string;
  readonly value: (limits: Amounts, usage: Amounts) => number | undefined;
  /** The newest microversion (major · 1000 + minor) that shows it. */
  readonly until?: number;
}

const limit = (name: string, resource: string, until?: number): Row => ({ name, value: (limits) => limits[resource], until });
const used = (name: string, resource: string, until?: number): Row => ({
  name,
  value: (_limits, usage) => usage[resource] ?? 0,
  until,
});

/** Networks left at 2.36, image metadata at 2.39, injected files at 2.57. */
const ROWS: readonly Row[] = [
  limit('maxTotalInstances', 'instances'),
  limit('maxTotalCores', 'cores'),
  limit('maxTotalRAMSize', 'ram'),
  limit('maxServerMeta', 'metadata_items'),
  limit('maxImageMeta', 'metadata_items', 2038),
  limit('maxPersonality', 'injected_files', 2056),
  limit('maxPersonalitySize', 'injected_file_content_bytes', 2056),
  limit('maxTotalKeypairs', 'key_pairs'),
  limit('maxServerGroups', 'server_groups'),
  limit('maxServerGroupMembers', 'server_group_members'),
  limit('maxTotalFloatingIps', 'floating_ips', 2035),
  limit('maxSecurityGroups', 'security_groups', 2035),
  limit('maxSecurityGroupRules', 'security_group_rules', 2035),
  used('totalRAMUsed', 'ram'),
  used('totalCoresUsed', 'cores'),
  used('totalInstancesUsed', 'instances'),
  used('totalFloatingIpsUsed', 'floating_ips', 2035),
  used('totalSecurityGroupsUsed', 'security_groups', 2035),
  used('totalServerGroupsUsed', 'server_groups'),
];

/** A project's absolute limits at a microversion. */
export const absoluteLimits = (version: number, limits: Amounts, usage: Amounts): Record<string, number> =>
  Object.fromEntries(
    ROWS.filter((row) => row.until === undefined || version <= row.until).map((row) => [
      row.name,
      row.value(limits, usage) ?? -1,
    ]),
  );
