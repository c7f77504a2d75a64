import { execute, rows, type Sql } from '@kilonova/sql';

export interface GroupMember {
  readonly instance_uuid: string;
  /** Claimed when it was scheduled; null: not scheduled yet. */
  readonly host: string | null;
  /** It has been stored in its cell: one that no cell knows has left. */
  readonly is_settled: boolean;
}

/** Membership of server groups, with the hosts that members claimed. */
export class InstanceGroupMemberRepository {
  /** Holds the group's row until the transaction ends, so that boots of one group are scheduled one after another. Undefined: no such group. */
  async lockGroup(sql: Sql, groupUuid: string): Promise<number | undefined> {
    const [group] = await rows<{ id: number }>(sql, 'SELECT id FROM instance_groups WHERE uuid = $1 FOR UPDATE', [groupUuid]);
    return group?.id;
  }

  /** The same without the lock. */
  async findGroup(sql: Sql, groupUuid: string): Promise<number | undefined> {
    const [group] = await rows<{ id: number }>(sql, 'SELECT id FROM instance_groups WHERE uuid = $1', [groupUuid]);
    return group?.id;
  }

  async members(sql: Sql, groupId: number): Promise<GroupMember[]> {
    return rows(
      sql,
      `SELECT m.instance_uuid, m.host, i.cell_id IS NOT NULL AS is_settled
         FROM instance_group_members m LEFT JOIN instance_mappings i ON i.instance_uuid = m.instance_uuid
        WHERE m.group_id = $1 ORDER BY m.instance_uuid`,
      [groupId],
    );
  }

  /** Notes the hosts of members, in one statement; who left the group meanwhile stays out. */
  async claimHosts(sql: Sql, groupId: number, hosts: ReadonlyMap<string, string>): Promise<void> {
    await execute(
      sql,
      `UPDATE instance_group_members m SET host = v.host
         FROM unnest($2::uuid[], $3::text[]) AS v (instance_uuid, host)
        WHERE m.group_id = $1 AND m.instance_uuid = v.instance_uuid`,
      [groupId, [...hosts.keys()], [...hosts.values()]],
    );
  }
}
