import type { MigrationRow } from '@kilonova/cell-db';
import { type ApiRequest, ownerOf } from '@kilonova/http';
import { Since } from '../../common/model/microversion.js';
import { utcMicros } from '../../common/time.js';

/** A server's live migration, with how far it is. Hosts only to those who may know them. */
export function serverMigrationView(request: ApiRequest, row: MigrationRow): Record<string, unknown> {
  const showsHosts = request.allows('os_compute_api:servers:migrations:index:host', ownerOf(row));
  const host = (name: string | null): string | null => (showsHosts ? name : null);
  return {
    created_at: utcMicros(row.created_at),
    dest_compute: host(row.dest_compute),
    dest_host: host(row.dest_host),
    dest_node: host(row.dest_node),
    disk_processed_bytes: row.disk_processed,
    disk_remaining_bytes: row.disk_remaining,
    disk_total_bytes: row.disk_total,
    id: row.id,
    memory_processed_bytes: row.memory_processed,
    memory_remaining_bytes: row.memory_remaining,
    memory_total_bytes: row.memory_total,
    server_uuid: row.instance_uuid,
    source_compute: host(row.source_compute),
    source_node: host(row.source_node),
    status: row.status,
    updated_at: utcMicros(row.updated_at),
    ...(request.version >= Since.migrationPaging ? { uuid: row.uuid } : {}),
    ...(request.version >= Since.migrationOwners ? { user_id: row.user_id, project_id: row.project_id } : {}),
  };
}
