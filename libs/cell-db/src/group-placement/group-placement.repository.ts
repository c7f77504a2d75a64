import { lockNamed, rows, type Sql } from '@kilonova/sql';

/** Where the other members of a server group are in this cell, seen from one host. */
export interface GroupNeighbours {
  readonly here: number;
  readonly elsewhere: number;
}

export interface GroupMemberPlacement {
  readonly instance_uuid: string;
  readonly host: string | null;
}

const MEMBERS = `
  SELECT instance_uuid, host FROM group_placements WHERE group_uuid = $1
  UNION ALL
  SELECT i.uuid, NULL FROM instances i
   WHERE i.uuid = ANY($2::uuid[]) AND i.host IS NULL AND i.vm_state = 'error'
     AND NOT EXISTS (SELECT 1 FROM group_placements g WHERE g.group_uuid = $1 AND g.instance_uuid = i.uuid)`;

/** Who of a server group is on which host of this cell. */
export class GroupPlacementRepository {
  /** Waits its turn among builds of one group in this cell; lasts until the transaction ends. */
  async lock(sql: Sql, groupUuid: string): Promise<void> {
    await lockNamed(sql, `group:${groupUuid}`);
  }

  async neighbours(sql: Sql, groupUuid: string, host: string, instanceUuid: string): Promise<GroupNeighbours> {
    const [counted] = await rows<GroupNeighbours>(
      sql,
      `SELECT (count(*) FILTER (WHERE host = $2))::int AS here, (count(*) FILTER (WHERE host <> $2))::int AS elsewhere
         FROM group_placements WHERE group_uuid = $1 AND instance_uuid <> $3`,
      [groupUuid, host, instanceUuid],
    );
    return counted ?? { here: 0, elsewhere: 0 };
  }

  /**
   * What this cell knows of a group's members: hosts as the agents took them on, and null for the ones that ended in
   * ERROR without a host. Of members that are still on their way it says nothing.
   */
  async members(sql: Sql, groupUuid: string, memberUuids: readonly string[]): Promise<GroupMemberPlacement[]> {
    return rows(sql, MEMBERS, [groupUuid, memberUuids]);
  }
}
