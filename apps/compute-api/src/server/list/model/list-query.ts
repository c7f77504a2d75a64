import { boolFromString } from '@kilonova/http';
import { type AppError, forbidden, invalid, isUuidLike } from '@kilonova/util';
import { Since } from '../../../common/model/microversion.js';
import { statesOf } from '../../core/model/status.js';
import { type Condition, PATTERN_COLUMNS, type PatternColumn, type ServerFilter } from './list-filter.js';

/** What a list is read for. */
export interface ListCaller {
  /** major · 1000 + minor */
  readonly version: number;
  /** Asks with Kilonova's own extensions. */
  readonly withExtensions: boolean;
  readonly projectId: string | undefined;
  readonly userId: string;
  readonly isAdmin: boolean;
  /** May use every filter. */
  readonly allFilters: boolean;
}

const bad = (reason: string, message: string): AppError => invalid(`compute.servers.${reason}`, message);

const FOR_ALL = ['reservation_id', 'name', 'status', 'image', 'flavor', 'ip', 'changes-since', 'all_tenants'];
const SINCE_283 = [
  'availability_zone',
  'config_drive',
  'key_name',
  'created_at',
  'launched_at',
  'terminated_at',
  'power_state',
  'task_state',
  'vm_state',
  'progress',
  'user_id',
];

/** Filters that everybody may use at a version. */
function openFilters(version: number): ReadonlySet<string> {
  return new Set([
    ...FOR_ALL,
    ...(version >= Since.ip6Filter ? ['ip6'] : []),
    ...(version >= Since.serverTags ? ['tags', 'tags-any', 'not-tags', 'not-tags-any'] : []),
    ...(version >= Since.changesBefore ? ['changes-before'] : []),
    ...(version >= Since.lockedReason ? ['locked'] : []),
    ...(version >= Since.moreFilters ? SINCE_283 : []),
  ]);
}

/** True when the list is of all projects; the caller's right to that is another matter. @throws AppError 400 for no truth value */
export function wantsAllTenants(query: URLSearchParams): boolean {
  const value = query.get('all_tenants');
  if (value === null) return false;
  if (value === '') return true;
  const wanted = boolFromString(value);
  if (wanted === undefined)
    throw bad(
      'all_tenants_invalid',
      `Unrecognized value '${value}', acceptable values are: '0', 'f', 'false', 'n', 'no', 'off', '1', 'on', 't', 'true', 'y', 'yes'`,
    );
  return wanted;
}

/** Reads the filters of a list. What the caller may not filter by is passed over, as unknown names are. @throws AppError 400, 403 */
export function readFilter(query: URLSearchParams, caller: ListCaller, allTenants: boolean): ServerFilter {
  const open = openFilters(caller.version);
  const usable = new URLSearchParams(
    [...query].filter(([key, value]) => (caller.allFilters || open.has(key)) && !(value === '' && key !== 'task_state')),
  );
  const conditions = [
    ...ownership(usable, caller, allTenants),
    ...statusCondition(usable, caller),
    ...exactConditions(usable),
    ...patternConditions(usable),
    ...timeConditions(usable),
    ...tagConditions(usable, caller.version),
  ];
  const isEmpty = usable.has('ip') || (usable.has('ip6') && caller.version >= Since.ip6Filter) || conditions.includes('nothing');
  const { rows, further } = whichRows(usable, caller, conditions);
  return { conditions: [...conditions.filter((condition) => condition !== 'nothing'), ...further], rows, isEmpty };
}

type Read = Condition | 'nothing';

function ownership(query: URLSearchParams, { projectId, userId }: ListCaller, allTenants: boolean): Read[] {
  if (allTenants) {
    const asked = query.get('tenant_id') ?? query.get('project_id');
    return asked === null ? [] : [{ kind: 'equals', column: 'project_id', value: asked }];
  }
  return [
    projectId === undefined
      ? { kind: 'equals', column: 'user_id', value: userId }
      : { kind: 'equals', column: 'project_id', value: projectId },
  ];
}

function statusCondition(query: URLSearchParams, { version, withExtensions }: ListCaller): Read[] {
  const wanted = query.getAll('status');
  if (wanted.length === 0) return [];
  const any = [...new Set(wanted)].flatMap((status) => statesOf(status, withExtensions));
  if (any.length > 0) return [{ kind: 'states', any }];
  if (version >= Since.knownStatusOnly) throw bad('status_invalid', 'Invalid status value');
  return ['nothing'];
}

/** Query name → column, for values that are compared as a whole. */
const EXACT_TEXTS = {
  image: 'image_ref',
  image_ref: 'image_ref',
  flavor: 'flavorid',
  host: 'host',
  user_id: 'user_id',
  uuid: 'uuid',
} as const;
const EXACT_NUMBERS = ['power_state', 'launch_index', 'progress'] as const;
const EXACT_BOOLEANS = ['auto_disk_config', 'locked'] as const;

function exactConditions(query: URLSearchParams): Read[] {
  const found: Read[] = [];
  for (const [name, column] of Object.entries(EXACT_TEXTS)) {
    const value = query.get(name);
    if (value === null) continue;
    found.push(column === 'uuid' && !isUuidLike(value) ? 'nothing' : { kind: 'equals', column, value });
  }
  for (const column of EXACT_NUMBERS) {
    const value = query.get(column);
    if (value !== null) found.push(/^-?\d{1,9}$/.test(value) ? { kind: 'equals', column, value: Number(value) } : 'nothing');
  }
  for (const column of EXACT_BOOLEANS) {
    const value = boolFromString(query.get(column) ?? undefined);
    if (query.has(column)) found.push({ kind: 'equals', column, value: value ?? false });
  }
  const drive = query.get('config_drive');
  if (drive !== null) found.push({ kind: 'equals', column: 'config_drive', value: boolFromString(drive) === true ? 'True' : '' });
  for (const column of ['vm_state', 'task_state'] as const) {
    const values = query.getAll(column);
    if (values.length > 0) found.push({ kind: 'among', column, values });
  }
  return found;
}

const PATTERN_NAMES: Readonly<Record<string, PatternColumn>> = {
  ...Object.fromEntries(PATTERN_COLUMNS.map((column) => [column, column])),
  name: 'display_name',
  description: 'display_description',
};

const patternConditions = (query: URLSearchParams): Read[] =>
  Object.entries(PATTERN_NAMES).flatMap(([name, column]) => {
    const pattern = query.get(name);
    return pattern === null ? [] : [{ kind: 'matches' as const, column, pattern }];
  });

function timeConditions(query: URLSearchParams): Read[] {
  const found = (['created_at', 'launched_at', 'terminated_at'] as const).flatMap((column): Read[] => {
    const value = query.get(column);
    if (value === null) return [];
    const time = readTime(value);
    return time === undefined ? ['nothing'] : [{ kind: 'at', column, time }];
  });
  const since = changedTime(query, 'changes-since');
  const before = changedTime(query, 'changes-before');
  if (since !== undefined && before !== undefined && since > before) {
    throw bad('changes_invalid', 'The value of changes-since must be less than or equal to changes-before.');
  }
  return since === undefined && before === undefined ? found : [...found, { kind: 'changed', since, before }];
}

function changedTime(query: URLSearchParams, name: string): Date | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  const time = readTime(value);
  if (time === undefined) throw bad('changes_invalid', `Invalid filter field: ${name}.`);
  return time;
}

/** Times without a zone are in UTC. */
function readTime(text: string): Date | undefined {
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/.test(text);
  const hasTime = /\d{2}:\d{2}/.test(text);
  const time = new Date(`${text.replace(' ', hasZone && !text.includes('T') ? '+' : 'T')}${hasZone || !hasTime ? '' : 'Z'}`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

const TAG_FILTERS = { tags: 'all', 'tags-any': 'any', 'not-tags': 'not-all', 'not-tags-any': 'not-any' } as const;

const tagConditions = (query: URLSearchParams, version: number): Read[] =>
  version < Since.serverTags
    ? []
    : Object.entries(TAG_FILTERS).flatMap(([name, mode]) => {
        const tags = query.getAll(name).flatMap((value) => value.split(','));
        return tags.length === 0 ? [] : [{ kind: 'tags' as const, mode, tags }];
      });

interface Rows {
  readonly rows: ServerFilter['rows'];
  readonly further: readonly Condition[];
}

/** Deleted at once, or with delay. */
const DELETED: Condition = { kind: 'among', column: 'vm_state', values: ['deleted', 'soft-delete'] };

const asksForSoftDeleted = (conditions: readonly Read[]): boolean =>
  conditions.some(
    (c) =>
      c !== 'nothing' &&
      ((c.kind === 'states' && c.any.some(({ vmState }) => vmState === 'soft-delete')) ||
        (c.kind === 'among' && c.column === 'vm_state' && c.values.includes('soft-delete'))),
  );

/** Deleted servers are listed when somebody asks what changed, and to administrators who ask for them. */
function whichRows(query: URLSearchParams, { isAdmin }: ListCaller, conditions: readonly Read[]): Rows {
  const onlyDeleted = conditions.some(
    (c) => c !== 'nothing' && c.kind === 'states' && c.any.every(({ vmState }) => vmState === 'deleted'),
  );
  if (onlyDeleted && !isAdmin)
    throw forbidden('compute.servers.deleted_forbidden', 'Only administrators may list deleted instances');
  if (onlyDeleted) return { rows: 'deleted', further: [] };
  const deleted = isAdmin && query.has('deleted') ? boolFromString(query.get('deleted')) === true : undefined;
  const softly = boolFromString(query.get('soft_deleted') ?? undefined);
  if (deleted === true) return softly === false ? { rows: 'deleted', further: [] } : { rows: 'both', further: [DELETED] };
  const changed = conditions.some((c) => c !== 'nothing' && c.kind === 'changed');
  if (deleted === undefined && changed) return { rows: 'both', further: [] };
  return { rows: 'live', further: softly === true || asksForSoftDeleted(conditions) ? [] : [{ kind: 'not-soft-deleted' }] };
}
