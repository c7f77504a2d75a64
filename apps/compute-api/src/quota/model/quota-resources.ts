import { Since } from '../../common/model/microversion.js';
/** Everything that is limited, by the names that clients use. */
export const QUOTA_RESOURCES = [
  'instances',
  'cores',
  'ram',
  'metadata_items',
  'injected_files',
  'injected_file_content_bytes',
  'injected_file_path_bytes',
  'key_pairs',
  'server_groups',
  'server_group_members',
] as const;
export type QuotaResource = (typeof QUOTA_RESOURCES)[number];

/** Limits that hold where no administrator set one; -1 is no limit. */
export type QuotaDefaults = Readonly<Record<QuotaResource, number>>;

/** Shown up to 2.35, when networking was asked about here too; nothing of it is limited by this service. */
export const NETWORK_RESOURCES = ['fixed_ips', 'floating_ips', 'security_group_rules', 'security_groups'] as const;
const INJECTED: readonly string[] = ['injected_files', 'injected_file_content_bytes', 'injected_file_path_bytes'];

/** The resources of quota sets at a microversion (major · 1000 + minor). Source: microversions 2.36 and 2.57. */
export function resourcesAt(version: number): readonly string[] {
  const own = QUOTA_RESOURCES.filter((resource) => version < Since.noInjectedFiles || !INJECTED.includes(resource));
  return version < Since.noProxies ? [...own, ...NETWORK_RESOURCES] : own;
}

/** Quota classes show server groups since 2.50 and drop networks with them. */
export function classResourcesAt(version: number): readonly string[] {
  const own = QUOTA_RESOURCES.filter((resource) => version < Since.noInjectedFiles || !INJECTED.includes(resource));
  if (version >= Since.quotaClassGroups) return own;
  return [...own.filter((resource) => !resource.startsWith('server_group')), ...NETWORK_RESOURCES];
}
