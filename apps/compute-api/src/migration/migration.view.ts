import { LIVE_UNDER_WAY, type MigrationRow } from '@kilonova/cell-db';
import { type ApiRequest, ownerOf } from '@kilonova/http';
import { linkBase, links } from '../common/links.js';
import { Since } from '../common/model/microversion.js';
import { utcMicros } from '../common/time.js';

/** A move. Types show since 2.23, uuids since 2.59, owners since 2.80; hosts only to those who may know them. */
export function migrationView(request: ApiRequest, row: MigrationRow): Record<string, unknown> {
  const showsHosts = request.allows('os_compute_api:os-migrations:index:host', ownerOf(row));
  const host = (name: string | null): string | null => (showsHosts ? name : null);
  const isLive = row.migration_type === 'live-migration' && LIVE_UNDER_WAY.includes(row.status);
  return {
    id: row.id,
    ...(request.version >= Since.migrationPaging ? { uuid: row.uuid } : {}),
    source_compute: host(row.source_compute),
    dest_compute: host(row.dest_compute),
    source_node: host(row.source_node),
    dest_node: host(row.dest_node),
    dest_host: host(row.dest_host),
    old_instance_type_id: row.old_instance_type_id,
    new_instance_type_id: row.new_instance_type_id,
    instance_uuid: row.instance_uuid,
    status: row.status,
    ...(request.version >= Since.migrationTypes ? { migration_type: row.migration_type } : {}),
    ...(request.version >= Since.migrationOwners ? { user_id: row.user_id, project_id: row.project_id } : {}),
    created_at: utcMicros(row.created_at),
    updated_at: utcMicros(row.updated_at),
    ...(request.version >= Since.migrationTypes && isLive
      ? { links: links(linkBase(request), `servers/${row.instance_uuid}/migrations`, String(row.id)) }
      : {}),
  };
}
