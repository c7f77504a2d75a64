import type { BeginBuild, Instance, InstanceFault, TaskState } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';
import { instanceColumns } from '../instance/instance.columns.js';
import { type InstanceRecord, toInstance } from '../instance/instance.mapper.js';

export type BegunBuild =
  | { readonly outcome: 'begun'; readonly instance: Instance; readonly resumed: boolean }
  | { readonly outcome: 'refused' };

/** A build that ended without a machine, and where it had got to. */
export interface EndedBuild {
  readonly instance: Instance;
  readonly oldTaskState: TaskState | null;
}

interface EndedRow extends InstanceRecord {
  readonly old_task_state: TaskState | null;
}

const ended = (row: EndedRow): EndedBuild => ({ instance: toInstance(row), oldTaskState: row.old_task_state });

/** A build on its host: taken on, given up, or forgotten by everybody. */
export class BuildRepository {
  /**
   * The agent that was told takes the attempt on that was handed over last; the same agent may do so again after an interruption.
   * With `groupUuid`, the instance's place in that server group is taken in the same statement.
   */
  async begin(sql: Sql, args: BeginBuild, groupUuid: string | null): Promise<BegunBuild> {
    const [row] = await rows<InstanceRecord & { resumed: boolean }>(sql, BEGIN, [
      args.instance_uuid,
      args.host,
      args.node,
      args.compute_node_uuid,
      args.build_attempt,
      groupUuid,
    ]);
    return row === undefined ? { outcome: 'refused' } : { outcome: 'begun', instance: toInstance(row), resumed: row.resumed };
  }

  /** The instance when this attempt made it active on this host: nothing is left to do. */
  async findDone(sql: Sql, args: BeginBuild): Promise<Instance | undefined> {
    const [row] = await rows<InstanceRecord>(
      sql,
      `SELECT ${instanceColumns('i')} FROM instances i WHERE uuid = $1 AND host = $2 AND build_attempt = $3 AND vm_state = 'active' AND task_state IS NULL`,
      [args.instance_uuid, args.host, args.build_attempt],
    );
    return row && toInstance(row);
  }

  /** The instance while `attempt` is still its last and it has not ended. */
  async findAttempt(sql: Sql, uuid: string, attempt: number): Promise<Instance | undefined> {
    const [row] = await rows<InstanceRecord>(
      sql,
      `SELECT ${instanceColumns('i')} FROM instances i
        WHERE uuid = $1 AND dispatched_attempt = $2 AND vm_state = 'building' AND task_state IS DISTINCT FROM 'deleting'`,
      [uuid, attempt],
    );
    return row && toInstance(row);
  }

  /** Ends a build for good: ERROR, on no host. Undefined when `attempt` is not its last any more. */
  async fail(sql: Sql, uuid: string, attempt: number, fault: InstanceFault): Promise<EndedBuild | undefined> {
    const [row] = await rows<EndedRow>(sql, FAIL, [uuid, attempt, JSON.stringify(fault)]);
    return row && ended(row);
  }

  /**
   * Ends builds in which nothing moved for `seconds`. Those on a host stay on it, so that a delete reaches the agent.
   * At most `limit`; rows that somebody works on are passed over.
   */
  async timeOut(sql: Sql, seconds: number, fault: InstanceFault, limit: number): Promise<EndedBuild[]> {
    const found = await rows<EndedRow>(sql, TIME_OUT, [seconds, JSON.stringify(fault), limit]);
    return found.map(ended);
  }
}

const BEGIN = `
  WITH old AS MATERIALIZED (
    SELECT uuid, host, build_attempt FROM instances
     WHERE uuid = $1 AND vm_state = 'building' AND dispatched_attempt = $5
       AND (task_state IS NULL OR task_state IN ('scheduling', 'networking', 'block_device_mapping', 'spawning'))
       AND (host = $2 AND build_attempt = $5
            OR host IS NULL AND build_attempt < $5 AND EXISTS (SELECT FROM build_dispatches d WHERE d.instance_uuid = $1 AND d.host = $2))
     FOR UPDATE
  ), taken AS (
    UPDATE instances i
       SET host = $2, node = $3, launched_on = $2, compute_node_uuid = $4::uuid, build_attempt = $5, task_state = NULL,
           revision = i.revision + 1, updated_at = now()
      FROM old WHERE i.uuid = old.uuid
    RETURNING ${instanceColumns('i')}
  ), placed AS (
    INSERT INTO group_placements (group_uuid, instance_uuid, host) SELECT $6::uuid, uuid, $2 FROM taken WHERE $6::uuid IS NOT NULL
    ON CONFLICT (group_uuid, instance_uuid) DO UPDATE SET host = excluded.host
  ), told AS (
    DELETE FROM build_dispatches d USING taken WHERE d.instance_uuid = taken.uuid
  )
  SELECT taken.*, old.host IS NOT NULL AS resumed FROM taken JOIN old ON old.uuid = taken.uuid`;

/** What ends with a build that failed: its place in a group, its message, and the `create` action. */
const cleanUp = (source: string): string => `
  left_group AS (
    DELETE FROM group_placements g USING ${source} WHERE g.instance_uuid = ${source}.uuid
  ), told AS (
    DELETE FROM build_dispatches d USING ${source} WHERE d.instance_uuid = ${source}.uuid
  ), acted AS (
    UPDATE instance_actions a SET message = 'Error', finish_time = now(), updated_at = now()
      FROM ${source} WHERE a.instance_uuid = ${source}.uuid AND a.action = 'create' AND a.finish_time IS NULL
  )`;

const FAIL = `
  WITH old AS MATERIALIZED (
    SELECT uuid, task_state FROM instances
     WHERE uuid = $1 AND dispatched_attempt = $2 AND vm_state = 'building' AND task_state IS DISTINCT FROM 'deleting' FOR UPDATE
  ), failed AS (
    UPDATE instances i
       SET vm_state = 'error', task_state = NULL, host = NULL, node = NULL, compute_node_uuid = NULL, launched_on = NULL,
           fault = $3::jsonb, revision = i.revision + 1, updated_at = now()
      FROM old WHERE i.uuid = old.uuid
    RETURNING ${instanceColumns('i')}
  ), ${cleanUp('failed')}
  SELECT failed.*, old.task_state AS old_task_state FROM failed JOIN old ON old.uuid = failed.uuid`;

const TIME_OUT = `
  WITH old AS MATERIALIZED (
    SELECT uuid, task_state FROM instances
     WHERE vm_state = 'building' AND dispatched_attempt > 0 AND task_state IS DISTINCT FROM 'deleting'
       AND coalesce(updated_at, created_at) < now() - make_interval(secs => $1)
     ORDER BY coalesce(updated_at, created_at) LIMIT $3 FOR UPDATE SKIP LOCKED
  ), failed AS (
    UPDATE instances i SET vm_state = 'error', task_state = NULL, fault = $2::jsonb, revision = i.revision + 1, updated_at = now()
      FROM old WHERE i.uuid = old.uuid
    RETURNING ${instanceColumns('i')}
  ), ${cleanUp('failed')}
  SELECT failed.*, old.task_state AS old_task_state FROM failed JOIN old ON old.uuid = failed.uuid`;
