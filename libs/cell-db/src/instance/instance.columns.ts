import type { Instance } from '@kilonova/compute-objects';

/** Columns that are fields of `Instance`, by the same names; `id` is the database's. */
export const TRAVELLING = [
  'uuid',
  'display_name',
  'display_description',
  'hostname',
  'project_id',
  'user_id',
  'reservation_id',
  'launch_index',
  'vm_state',
  'task_state',
  'power_state',
  'progress',
  'host',
  'node',
  'launched_on',
  'compute_node_uuid',
  'availability_zone',
  'image_ref',
  'kernel_id',
  'ramdisk_id',
  'flavor',
  'key_name',
  'key_data',
  'keypairs',
  'user_data',
  'config_drive',
  'access_ip_v4',
  'access_ip_v6',
  'auto_disk_config',
  'root_device_name',
  'os_type',
  'architecture',
  'locked',
  'locked_by',
  'locked_reason',
  'metadata',
  'system_metadata',
  'tags',
  'trusted_certs',
  'fault',
  'network_info',
  'created_at',
  'updated_at',
  'launched_at',
  'terminated_at',
  'deleted_at',
] as const satisfies ReadonlyArray<keyof Instance>;

/** What a new row is given; the rest are the database's defaults. */
export const INSERT_COLUMNS = TRAVELLING.join(', ');

/** The fields of `Instance`, in the order that queries name them. */
export const INSTANCE_COLUMNS = ['id', ...TRAVELLING] as const;

/** For the select list; `alias` names the table's alias. */
export const instanceColumns = (alias: string): string => INSTANCE_COLUMNS.map((column) => `${alias}.${column}`).join(', ');

/** Every column, as a move between the live table and the archive needs them. */
export const ALL_COLUMNS = [...INSTANCE_COLUMNS, 'revision'] as const;
