import type { Instance, RebuildChanges } from '@kilonova/compute-objects';
import { prepared, type Sql } from '@kilonova/sql';
import { invalid } from '@kilonova/util';
import { instanceColumns } from '../instance/instance.columns.js';
import { type InstanceRecord, toInstance } from '../instance/instance.mapper.js';

/** What a rebuild may change; nothing else that a stored operation names is written. */
const CHANGEABLE: Readonly<Record<keyof RebuildChanges, true>> = {
  display_name: true,
  display_description: true,
  hostname: true,
  metadata: true,
  access_ip_v4: true,
  access_ip_v6: true,
  auto_disk_config: true,
  key_name: true,
  key_data: true,
  keypairs: true,
  user_data: true,
  image_ref: true,
  kernel_id: true,
  ramdisk_id: true,
  os_type: true,
  architecture: true,
  system_metadata: true,
};

/** What of the image a server was made of stands in its system metadata: the new image's takes its place. */
const OTHER_FACTS = `(SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(i.system_metadata) WHERE key NOT LIKE 'image\\_%')`;

const assignment = (field: string): string =>
  field === 'system_metadata' ? `system_metadata = ${OTHER_FACTS} || r.system_metadata` : `${field} = r.${field}`;

/** Servers that are made anew of an image. */
export class RebuildRepository {
  /** Makes a server what its rebuild was asked to make of it. Safe to repeat. @throws AppError `invalid-input` for a field that no rebuild changes */
  async become(sql: Sql, uuid: string, changes: RebuildChanges): Promise<Instance | undefined> {
    const fields = Object.keys(changes);
    const foreign = fields.find((field) => !Object.hasOwn(CHANGEABLE, field));
    if (foreign !== undefined)
      throw invalid('cell.instance.field_not_updatable', `Field ${foreign} cannot be changed by a rebuild.`);
    const set = fields.map((field) => `${assignment(field)}, `).join('');
    const [row] = await prepared<InstanceRecord>(
      sql,
      `UPDATE instances i SET ${set}revision = i.revision + 1, updated_at = now()
         FROM jsonb_populate_record(NULL::instances, $2::jsonb) r WHERE i.uuid = $1 RETURNING ${instanceColumns('i')}`,
      [uuid, JSON.stringify(changes)],
    );
    return row && toInstance(row);
  }
}
