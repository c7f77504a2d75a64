import { lockNamed, rows, type Sql } from '@kilonova/sql';
import { FINAL } from '../migration/migration.statements.js';

/** Where the other members of a server group are in this cell, seen from one host. */
export interface GroupNeighbours {
  readonly here: number;
  /** Members on their way from here, which come back when their move fails or is reverted. */
  readonly leaving: number;
  readonly elsewhere: number;
}

export interface GroupMemberPlacement {
  readonly instance_uuid: string;
  readonly host: string | null;
  /** The other end of a move under way, or of one that may still be reverted. */
  readonly other: string | null;
  /** A host is being looked for, or was told of a build that it has not taken on: the cell does not know it yet. */
  readonly is_placing: boolean;
}

const OTHER_END = `
  SELECT nullif(CASE WHEN m.source_compute = p.host THEN m.dest_compute ELSE m.source_compute END, p.host) AS other
    FROM migrations m WHERE m.instance_uuid = p.instance_uuid AND m.status NOT IN (${FINAL}) ORDER BY m.id DESC LIMIT 1`;

const MEMBERS = `
  SELECT p.instance_uuid, p.host, e.other,
         EXISTS (SELECT FROM operations o WHERE o.instance_uuid = p.instance_uuid AND o.state = 'placing') AS is_placing
    FROM group_placements p LEFT JOIN LATERAL (${OTHER_END}) e ON true
   WHERE p.group_uuid = $1
  UNION ALL
  SELECT i.uuid, NULL, NULL,
         i.vm_state NOT IN ('error', 'shelved_offloaded') OR EXISTS (SELECT FROM operations o WHERE o.instance_uuid = i.uuid)
    FROM instances i
   WHERE i.uuid = ANY($2::uuid[])
     AND NOT EXISTS (SELECT FROM group_placements g WHERE g.group_uuid = $1 AND g.instance_uuid = i.uuid)`;

const NEIGHBOURS = `
  SELECT (count(*) FILTER (WHERE p.host = $2))::int AS here,
         (count(*) FILTER (WHERE p.host <> $2 AND EXISTS (
           SELECT FROM migrations m
            WHERE m.instance_uuid = p.instance_uuid AND m.source_compute = $2 AND m.status NOT IN (${FINAL}))))::int AS leaving,
         (count(*) FILTER (WHERE p.host <> $2))::int AS elsewhere
    FROM group_placements p WHERE p.group_uuid = $1 AND p.instance_uuid <> $3`;

/** Who of a server group is on which host of this cell. */
export class GroupPlacementRepository {
  /** Waits its turn among builds of one group in this cell; lasts until the transaction ends. */
  async lock(sql: Sql, groupUuid: string): Promise<void> {
    await lockNamed(sql, `group:${groupUuid}`);
  }

  async neighbours(sql: Sql, groupUuid: string, host: string, instanceUuid: string): Promise<GroupNeighbours> {
    const [counted] = await rows<GroupNeighbours>(sql, NEIGHBOURS, [groupUuid, host, instanceUuid]);
    return counted ?? { here: 0, leaving: 0, elsewhere: 0 };
  }

  /**
   * What this cell knows of a group's members: hosts as the agents took them on, and null for the ones that are on no host:
   * in ERROR, offloaded, or still on their way to their first one.
   */
  async members(sql: Sql, groupUuid: string, memberUuids: readonly string[]): Promise<GroupMemberPlacement[]> {
    return rows(sql, MEMBERS, [groupUuid, memberUuids]);
  }
}
