import { STORED_LIMITS_SELECT, STORED_USAGE_SELECT } from '@kilonova/api-db';
import { prepared, type Sql } from '@kilonova/sql';
import type { BootContext, BootQuestion } from './model/boot-context.js';

/** All that a creation depends on in the API database, in one round trip. */
export class BootContextRepository {
  async load(sql: Sql, question: BootQuestion): Promise<BootContext> {
    const { flavorid, projectId, userId, keyName, groupUuid, zone, host } = question;
    const [found] = await prepared<BootContext>(sql, CONTEXT, [flavorid, projectId, userId, keyName, groupUuid, zone, host]);
    return found as BootContext;
  }
}

const CONTEXT = `
  SELECT
    (SELECT to_jsonb(f) - 'created_at' - 'updated_at' FROM flavors f
      WHERE f.flavorid = $1 AND NOT f.disabled
        AND (f.is_public OR EXISTS (SELECT FROM flavor_projects p WHERE p.flavor_id = f.id AND p.project_id = $2))) AS flavor,
    (SELECT to_jsonb(k) FROM key_pairs k WHERE k.user_id = $3 AND k.name = $4) AS key_pair,
    (SELECT jsonb_build_object('uuid', g.uuid, 'project_id', g.project_id) FROM instance_groups g WHERE g.uuid = $5::uuid) AS "group",
    EXISTS (SELECT FROM aggregates a JOIN aggregate_hosts h ON h.aggregate_id = a.id WHERE a.metadata ->> 'availability_zone' = $6) AS zone_has_hosts,
    EXISTS (SELECT FROM host_mappings m WHERE m.host = $7) AS host_is_known,
    ${STORED_LIMITS_SELECT('$2', '$3')},
    ${STORED_USAGE_SELECT('$2', '$3')}`;
