import { type AppError, forbidden, invalid } from '@kilonova/util';
import { Since } from '../../../common/model/microversion.js';

/** What lists can be ordered by. Source: the published sort keys. */
export const SORT_KEYS = [
  'access_ip_v4',
  'access_ip_v6',
  'auto_disk_config',
  'availability_zone',
  'config_drive',
  'created_at',
  'display_description',
  'display_name',
  'host',
  'hostname',
  'image_ref',
  'instance_type_id',
  'kernel_id',
  'key_name',
  'launch_index',
  'launched_at',
  'locked',
  'locked_by',
  'node',
  'power_state',
  'progress',
  'project_id',
  'ramdisk_id',
  'root_device_name',
  'task_state',
  'terminated_at',
  'updated_at',
  'user_id',
  'uuid',
  'vm_state',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface SortTerm {
  readonly key: SortKey;
  readonly direction: 'asc' | 'desc';
}

/** Where a server stands in an order: one value for each term; times as microseconds. */
export type SortValue = string | number | boolean | null;
export type Position = readonly SortValue[];

const ADMIN_ONLY: readonly string[] = ['host', 'node'];
const JOINED: readonly string[] = [
  'block_device_mapping',
  'extra',
  'info_cache',
  'metadata',
  'pci_devices',
  'security_groups',
  'services',
  'system_metadata',
  'tags',
];

const bad = (message: string): AppError => invalid('compute.servers.sort_invalid', message);

/** So many different keys may be named: each makes the statement, and the comparison of two servers, longer. */
const MAX_KEYS = 10;

/**
 * Reads `sort_key` and `sort_dir`. The order always ends with creation time and uuid, so that it is total.
 * A key that is repeated counts where it stands first.
 * @throws AppError 400 for too many keys, and for what is no key (from 2.75 on; before, it is passed over), 403 for keys that tell of hosts.
 */
export function readOrder(query: URLSearchParams, version: number, isAdmin: boolean): readonly SortTerm[] {
  const directions = query.getAll('sort_dir');
  const wrong = directions.find((direction) => direction !== 'asc' && direction !== 'desc');
  if (wrong !== undefined)
    throw bad(`Invalid input for query parameters sort_dir. Value: ${wrong}. '${wrong}' is not one of ['asc', 'desc']`);
  const direction = (index: number): 'asc' | 'desc' =>
    directions[index] === 'asc' ? 'asc' : directions[index] === 'desc' ? 'desc' : directions[0] === 'asc' ? 'asc' : 'desc';
  const named = query.getAll('sort_key').flatMap((key, index): SortTerm[] => {
    if (ADMIN_ONLY.includes(key) && !isAdmin)
      throw forbidden('compute.servers.sort_forbidden', `Only administrators can sort servers by ${key}`);
    if (isSortKey(key) && (key !== 'locked' || version >= Since.lockedReason)) return [{ key, direction: direction(index) }];
    if (JOINED.includes(key) || version >= Since.strictQueries)
      throw bad(`Invalid input for query parameters sort_key. Value: ${key}. '${key}' is not one of the sort keys`);
    return [];
  });
  const terms = named.filter(({ key }, index) => named.findIndex((other) => other.key === key) === index);
  if (terms.length > MAX_KEYS) throw bad(`Servers can be sorted by ${MAX_KEYS} keys at most.`);
  const last = terms.at(-1)?.direction ?? direction(0);
  const ending = (['created_at', 'uuid'] as const)
    .filter((key) => !terms.some((term) => term.key === key))
    .map((key) => ({ key, direction: last }));
  return [...terms, ...ending];
}

const isSortKey = (key: string): key is SortKey => (SORT_KEYS as readonly string[]).includes(key);

function compareValues(a: SortValue, b: SortValue): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

/** Orders two positions as the databases do: by code point, what is not set first when ascending. */
export function comparePositions(order: readonly SortTerm[], a: Position, b: Position): number {
  for (const [index, { direction }] of order.entries()) {
    const compared = compareValues(a[index] ?? null, b[index] ?? null);
    if (compared !== 0) return direction === 'asc' ? compared : -compared;
  }
  return 0;
}
