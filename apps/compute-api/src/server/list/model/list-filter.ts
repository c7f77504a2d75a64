import type { StateMatch } from '../../core/model/status.js';

/** Columns that are compared as a whole. */
export const EXACT_COLUMNS = {
  uuid: 'uuid',
  project_id: 'text',
  user_id: 'text',
  image_ref: 'text',
  vm_state: 'text',
  task_state: 'text',
  host: 'text',
  power_state: 'int',
  launch_index: 'int',
  progress: 'int',
  auto_disk_config: 'boolean',
  locked: 'boolean',
  config_drive: 'text',
  flavorid: 'text',
} as const;
export type ExactColumn = keyof typeof EXACT_COLUMNS;

/** Columns whose filter is a regular expression. */
export const PATTERN_COLUMNS = [
  'display_name',
  'display_description',
  'hostname',
  'key_name',
  'kernel_id',
  'ramdisk_id',
  'node',
  'reservation_id',
  'availability_zone',
  'root_device_name',
  'access_ip_v4',
  'access_ip_v6',
  'locked_by',
] as const;
export type PatternColumn = (typeof PATTERN_COLUMNS)[number];

const TIME_COLUMNS = ['created_at', 'launched_at', 'terminated_at'] as const;
export type TimeColumn = (typeof TIME_COLUMNS)[number];

/** One thing that every listed server has to satisfy. */
export type Condition =
  | { readonly kind: 'equals'; readonly column: ExactColumn; readonly value: string | number | boolean | null }
  | { readonly kind: 'among'; readonly column: 'vm_state' | 'task_state'; readonly values: readonly string[] }
  | { readonly kind: 'matches'; readonly column: PatternColumn; readonly pattern: string }
  /** To the second. */
  | { readonly kind: 'at'; readonly column: TimeColumn; readonly time: Date }
  | { readonly kind: 'states'; readonly any: readonly StateMatch[] }
  /** When it last changed. */
  | { readonly kind: 'changed'; readonly since?: Date; readonly before?: Date }
  /** Nothing that was deleted with delay. */
  | { readonly kind: 'not-soft-deleted' }
  | { readonly kind: 'tags'; readonly mode: 'all' | 'any' | 'not-all' | 'not-any'; readonly tags: readonly string[] };

export interface ServerFilter {
  readonly conditions: readonly Condition[];
  /** Live servers, deleted ones, or both. */
  readonly rows: 'live' | 'deleted' | 'both';
  /** Nothing can satisfy it. */
  readonly isEmpty: boolean;
}
