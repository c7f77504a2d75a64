import type { DataSource } from 'typeorm';
import { CELL1_UUID, type NounApi } from './noun-api.js';

interface HostSample {
  readonly host: string;
  readonly uuid: string;
  readonly disabled?: boolean;
  /** Heard from last; default now. */
  readonly seen?: Date;
  readonly stats?: Readonly<Record<string, string>>;
}

/** A host of cell1 as its agent reported it, mapped. */
export async function addHost(noun: NounApi, sample: HostSample): Promise<void> {
  await noun.cell.query(
    `INSERT INTO services (host, "binary", topic, disabled, last_seen_up, updated_at) VALUES ($1, 'nova-compute', 'compute', $2, $3, now())`,
    [sample.host, sample.disabled ?? false, sample.seen ?? new Date()],
  );
  await noun.cell.query(
    `INSERT INTO compute_nodes (uuid, host, hypervisor_hostname, hypervisor_type, hypervisor_version, host_ip, vcpus, memory_mb, local_gb,
                                vcpus_used, memory_mb_used, local_gb_used, cpu_info, stats, mapped)
     VALUES ($1, $2, $2, 'fake', 1000, '127.0.0.1', 8, 8192, 100, 2, 1024, 10, '{"arch":"x86_64"}', $3::jsonb, true)`,
    [sample.uuid, sample.host, JSON.stringify(sample.stats ?? {})],
  );
  await noun.api.query('INSERT INTO host_mappings (cell_id, host) SELECT id, $2 FROM cell_mappings WHERE uuid = $1', [
    CELL1_UUID,
    sample.host,
  ]);
  noun.placement.addRoot(sample.uuid);
}

interface ServerSample {
  readonly uuid: string;
  readonly host?: string | null;
  readonly project?: string;
  readonly launched?: string;
  readonly terminated?: string;
}

const FLAVOR = { flavorid: 'f', name: 'm1.tiny', vcpus: 2, memory_mb: 512, root_gb: 10, ephemeral_gb: 5, swap: 0 };

/** A server of cell1; one with an end stands in the archive. */
export async function addServer(cell: DataSource, sample: ServerSample): Promise<void> {
  const table = sample.terminated === undefined ? 'instances' : 'instances_archive';
  const id = table === 'instances' ? '' : 'id, deleted_at, ';
  const values = table === 'instances' ? '' : '7, now(), ';
  await cell.query(
    `INSERT INTO ${table} (${id}uuid, display_name, hostname, project_id, user_id, reservation_id, vm_state, host, node, flavor, launched_at, terminated_at
                           ${table === 'instances' ? '' : NOT_NULL.columns})
     VALUES (${values}$1, 'name', 'name', $2, 'u', 'r-1', 'active', $3, $3, $4::jsonb, $5, $6 ${table === 'instances' ? '' : NOT_NULL.values})`,
    [
      sample.uuid,
      sample.project ?? 'p',
      sample.host ?? null,
      JSON.stringify(FLAVOR),
      sample.launched ?? null,
      sample.terminated ?? null,
    ],
  );
}

/** The archive has the columns of the live table, and none of its defaults. */
const NOT_NULL = {
  columns:
    ', launch_index, power_state, progress, keypairs, config_drive, auto_disk_config, locked, metadata, system_metadata, tags, revision, created_at',
  values: `, 0, 0, 0, '[]', '', false, false, '{}', '{}', '{}', 0, now()`,
};
