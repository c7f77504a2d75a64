/** The columns that travel as `BlockDevice`, by the same names, with their types. */
const BLOCK_DEVICE_COLUMNS = {
  uuid: 'uuid',
  source_type: 'text',
  destination_type: 'text',
  boot_index: 'int',
  device_name: 'text',
  device_type: 'text',
  disk_bus: 'text',
  guest_format: 'text',
  delete_on_termination: 'boolean',
  volume_id: 'uuid',
  snapshot_id: 'uuid',
  image_id: 'uuid',
  volume_size: 'int',
  volume_type: 'text',
  tag: 'text',
  attachment_id: 'uuid',
} as const;

const names = Object.keys(BLOCK_DEVICE_COLUMNS);
const typed = Object.entries(BLOCK_DEVICE_COLUMNS)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ');

export const blockDeviceColumns = (alias: string): string => names.map((name) => `${alias}.${name}`).join(', ');

/** An expression: the disks of the instance `$uuid` as a JSON list, those that are booted from first. */
export const devicesOf = (uuid: string): string => `
  coalesce((SELECT jsonb_agg(to_jsonb(d) - 'position' ORDER BY d.boot_index NULLS LAST, d.position)
     FROM (SELECT b.id AS position, ${blockDeviceColumns('b')} FROM block_device_mappings b WHERE b.instance_uuid = ${uuid}) d), '[]')`;

/**
 * An INSERT for the instances of `owners` (a CTE with `uuid` and a JSON list `devices`); disks that are there stay as they are.
 * @param same what makes two of them one: left out, their uuid; empty, also the volume
 */
export const insertDevices = (owners: string, same: '(uuid)' | '' = '(uuid)'): string => `
  INSERT INTO block_device_mappings (instance_uuid, ${names.join(', ')})
  SELECT owner.uuid, ${blockDeviceColumns('d')}
    FROM ${owners} owner CROSS JOIN LATERAL jsonb_to_recordset(owner.devices) AS d (${typed})
   WHERE owner.devices IS NOT NULL
  ON CONFLICT ${same} DO NOTHING`;

/** Whatever an agent says, a disk becomes no other volume than one that the operation `mine` is about: at its end it may be deleted. */
const VOLUME = `CASE WHEN r.volume_id::text IN (mine.arguments #>> '{subject,volume_id}', mine.arguments #>> '{subject,new_volume_id}')
                     THEN r.volume_id ELSE b.volume_id END`;

/** CTEs that write what an agent reports of disks, `$updates` (a JSON list), for the instance of the operation in the CTE `mine`. */
export const updateDevices = (updates: string): string => `
  reported AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(${updates}::jsonb)
      AS r (uuid uuid, volume_id uuid, attachment_id uuid, device_name text, volume_size int, removed boolean)
  ), dropped AS (
    DELETE FROM block_device_mappings b USING mine, reported r
     WHERE b.instance_uuid = mine.instance_uuid AND b.uuid = r.uuid AND r.removed
  ), kept AS (
    UPDATE block_device_mappings b
       SET volume_id = ${VOLUME}, attachment_id = coalesce(r.attachment_id, b.attachment_id),
           device_name = coalesce(r.device_name, b.device_name), volume_size = coalesce(r.volume_size, b.volume_size), updated_at = now()
      FROM mine, reported r
     WHERE b.instance_uuid = mine.instance_uuid AND b.uuid = r.uuid AND r.removed IS NOT TRUE
  ),`;
