import { invalid } from '@kilonova/util';

const SHOWN: Readonly<Record<string, string>> = {
  active: 'ACTIVE',
  queued: 'SAVING',
  saving: 'SAVING',
  importing: 'SAVING',
  deleted: 'DELETED',
  pending_delete: 'DELETED',
  killed: 'ERROR',
};

/** An image's status in the words of this API. */
export const imageStatus = (status: string): string => SHOWN[status] ?? 'UNKNOWN';

const PROGRESS: Readonly<Record<string, number>> = { queued: 25, saving: 50, active: 100 };

/** How far an image is, in percent. */
export const imageProgress = (status: string): number => PROGRESS[status] ?? 0;

/** The image service's states behind each of this API's. */
const STATES: Readonly<Record<string, string>> = {
  ACTIVE: 'active',
  SAVING: 'in:queued,saving,importing',
  DELETED: 'in:deleted,pending_delete',
  ERROR: 'killed',
  UNKNOWN: 'deactivated',
};

/** Filters of this API's list, and the image service's names of them. */
const NAMES: Readonly<Record<string, string>> = {
  name: 'name',
  minRam: 'min_ram',
  minDisk: 'min_disk',
  type: 'image_type',
};

const FREE = 'property-';

/** Words of the image service's lists that are no filters. */
const PAGING: ReadonlySet<string> = new Set(['limit', 'marker', 'sort', 'sort_key', 'sort_dir']);

/**
 * The filters of a list in the image service's words: `name`, `status`, `minRam`, `minDisk`, `type`, `server`,
 * `changes-since`, `property-<name>`. @throws AppError 400
 */
export function imageFilters(query: URLSearchParams): Readonly<Record<string, string>> {
  const free = [...query]
    .filter(([key]) => key.startsWith(FREE))
    .map(([key, value]) => [key.slice(FREE.length), value] as const)
    .filter(([name]) => name !== '' && !PAGING.has(name));
  const named = Object.entries(NAMES).map(([ours, theirs]) => [theirs, query.get(ours)] as const);
  const status = query.get('status');
  const server = query.get('server');
  const found = [
    ...free,
    ...named,
    ['status', status && statusFilter(status)] as const,
    ['instance_uuid', server && (server.split('/').at(-1) as string)] as const,
    ['updated_at', changedSince(query.get('changes-since'))] as const,
  ];
  return Object.fromEntries(found.filter((entry): entry is readonly [string, string] => entry[1] !== null));
}

const statusFilter = (status: string): string => {
  const shown = status.toUpperCase();
  return Object.hasOwn(STATES, shown) ? (STATES[shown] as string) : status.toLowerCase();
};

function changedSince(text: string | null): string | null {
  if (text === null) return null;
  const from = Date.parse(text);
  if (Number.isNaN(from)) throw invalid('compute.images.query_invalid', 'Invalid changes-since value');
  return `gte:${new Date(from).toISOString().slice(0, 19)}Z`;
}
