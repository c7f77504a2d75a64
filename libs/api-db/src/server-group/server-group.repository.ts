import type { GroupPolicy, InstanceGroup } from '@kilonova/compute-objects';
import { execute, rows, type Sql, transaction } from '@kilonova/sql';
import { takeTurn } from '../store/turn.js';

/** A server group as its owner sees it. */
export type ServerGroup = Pick<InstanceGroup, 'uuid' | 'name' | 'project_id' | 'user_id' | 'policy' | 'rules' | 'members'>;

export type NewServerGroup = Omit<ServerGroup, 'members' | 'policy'> & { readonly policy: GroupPolicy };

/** How many groups there may be; -1: any number. */
export interface GroupLimits {
  readonly project: number;
  readonly user: number;
}

const SELECT = `
  SELECT g.uuid, g.name, g.project_id, g.user_id, g.policy, g.rules, coalesce(m.members, '{}') AS members FROM instance_groups g
    LEFT JOIN LATERAL (SELECT array_agg(instance_uuid::text ORDER BY instance_uuid) AS members FROM instance_group_members WHERE group_id = g.id) m ON true`;

/** Server groups with their members. Membership goes with the server. */
export class ServerGroupRepository {
  async find(sql: Sql, uuid: string): Promise<ServerGroup | undefined> {
    const [found] = await rows<ServerGroup>(sql, `${SELECT} WHERE g.uuid = $1`, [uuid]);
    return found;
  }

  /** In the order of creation; null: of all projects. */
  async list(sql: Sql, projectId: string | null, offset: number, limit: number): Promise<ServerGroup[]> {
    return rows(sql, `${SELECT} WHERE $1::text IS NULL OR g.project_id = $1 ORDER BY g.id OFFSET $2 LIMIT $3`, [
      projectId,
      offset,
      limit,
    ]);
  }

  async count(sql: Sql, projectId: string, userId?: string): Promise<number> {
    const [found] = await rows<{ count: number }>(
      sql,
      'SELECT count(*) AS count FROM instance_groups WHERE project_id = $1 AND ($2::text IS NULL OR user_id = $2)',
      [projectId, userId ?? null],
    );
    return found?.count ?? 0;
  }

  /** Creations of one project are counted one after another. False: the project, or the user in it, has as many as it may. */
  async create(sql: Sql, group: NewServerGroup, limits: GroupLimits): Promise<boolean> {
    return transaction(sql, async (own) => {
      await takeTurn(own, 'server_groups', group.project_id);
      const { uuid, name, project_id: project, user_id: user, policy, rules } = group;
      const parameters = [uuid, name, project, user, policy, JSON.stringify(rules), limits.project, limits.user];
      return (await execute(own, CREATE, parameters)) > 0;
    });
  }

  async remove(sql: Sql, uuid: string): Promise<boolean> {
    return (await execute(sql, 'DELETE FROM instance_groups WHERE uuid = $1', [uuid])) > 0;
  }

  /** Makes new servers members, while the group's row is locked by `locked`. */
  async addMembers(sql: Sql, groupId: number, instanceUuids: readonly string[]): Promise<void> {
    await execute(sql, 'INSERT INTO instance_group_members (group_id, instance_uuid) SELECT $1, unnest($2::uuid[])', [
      groupId,
      instanceUuids,
    ]);
  }

  /**
   * The group with its members' hosts, its row locked until the transaction ends: who joins is counted one after another.
   * Two statements, so that the second sees what the holder of the lock before us has done.
   */
  async locked(sql: Sql, uuid: string): Promise<LockedServerGroup | undefined> {
    const [held] = await rows(sql, 'SELECT id FROM instance_groups WHERE uuid = $1 FOR UPDATE', [uuid]);
    if (held === undefined) return undefined;
    const [row] = await rows<InstanceGroup & { id: number; by_user: Record<string, number> }>(sql, WITH_HOSTS, [uuid]);
    if (row === undefined) return undefined;
    const { id, by_user: membersOf, ...group } = row;
    return { id, group, membersOf };
  }
}

export interface LockedServerGroup {
  readonly id: number;
  readonly group: InstanceGroup;
  /** user → how many of their servers are in it. */
  readonly membersOf: Readonly<Record<string, number>>;
}

const CREATE = `
  INSERT INTO instance_groups (uuid, name, project_id, user_id, policy, rules)
  SELECT $1, $2, $3, $4, $5, $6::jsonb
   WHERE ($7::int < 0 OR (SELECT count(*) FROM instance_groups WHERE project_id = $3) < $7::int)
     AND ($8::int < 0 OR (SELECT count(*) FROM instance_groups WHERE project_id = $3 AND user_id = $4) < $8::int)`;

const WITH_HOSTS = `
  SELECT g.id, g.uuid, g.name, g.project_id, g.user_id, g.policy, g.rules,
         coalesce((SELECT array_agg(instance_uuid::text ORDER BY instance_uuid) FROM instance_group_members m WHERE m.group_id = g.id), '{}') AS members,
         coalesce((SELECT array_agg(host ORDER BY instance_uuid) FROM instance_group_members m WHERE m.group_id = g.id AND host IS NOT NULL), '{}') AS hosts,
         coalesce((SELECT jsonb_object_agg(user_id, n) FROM (
           SELECT im.user_id, count(*) AS n FROM instance_group_members m JOIN instance_mappings im USING (instance_uuid)
            WHERE m.group_id = g.id GROUP BY im.user_id) c), '{}') AS by_user
    FROM instance_groups g WHERE g.uuid = $1`;
