import type { BuildArguments, Instance, InstanceFault, TaskState, VmState } from '@kilonova/compute-objects';
import { type HandedCast, handedCast, type OutboxRow, portableCtx } from '@kilonova/messaging';
import { prepared, rows, type Sql } from '@kilonova/sql';
import type { Ctx } from '@kilonova/util';
import { insertDevices } from '../block-device/block-device.statements.js';
import { INSERT_COLUMNS, instanceColumns } from '../instance/instance.columns.js';
import { type InstanceRecord, toInstance } from '../instance/instance.mapper.js';
import { closeEvent, sendSteps } from './operation.statements.js';

/** One instance on its way to a host, and everything that its build needs. */
export interface PreparedBuild {
  readonly instance: Instance;
  readonly arguments: BuildArguments;
}

/** Builds of which agents are to be told: by `casts`, which the caller hands to its relay. */
export interface SentBuilds {
  readonly instances: readonly Instance[];
  readonly casts: readonly HandedCast[];
}

/** A build whose message never left its cell. */
export interface RecalledBuild extends PreparedBuild {
  readonly request_id: string;
}

/** A build that ended without a machine, and where it had got to. */
export interface EndedBuild {
  readonly instance: Instance;
  readonly old_vm_state: VmState;
  readonly old_task_state: TaskState | null;
}

/** The way of a build from the super conductor to a host, and from one host to the next. */
export class BuildRepository {
  /**
   * Stores new instances with their `create` actions and their build operations: one statement, safe to repeat. A
   * repeated run may have chosen another host; it replaces the operation only while no agent was told.
   */
  async prepareMany(sql: Sql, ctx: Ctx, builds: readonly PreparedBuild[]): Promise<void> {
    const instances = JSON.stringify(builds.map((build) => build.instance));
    const operations = JSON.stringify(
      builds.map((build) => ({
        instance_uuid: build.instance.uuid,
        host: build.arguments.selection.service_host,
        arguments: build.arguments,
      })),
    );
    await prepared(sql, PREPARE, [instances, operations, JSON.stringify(portableCtx(ctx, false)), ctx.requestId]);
  }

  /** Tells the agents, each once; what is gone, being deleted or sent already is left alone. */
  async sendMany(sql: Sql, uuids: readonly string[]): Promise<SentBuilds> {
    const sent = await prepared<InstanceRecord & { message: OutboxRow }>(sql, SEND, [uuids]);
    return {
      instances: sent.map(toInstance),
      casts: sent.map(({ message }) => handedCast(message)),
    };
  }

  /** Instances that were stored and whose agents were not told for longer than `seconds`. */
  async unsent(sql: Sql, seconds: number, limit: number): Promise<string[]> {
    const found = await rows<{ uuid: string }>(
      sql,
      `SELECT instance_uuid AS uuid FROM operations
        WHERE state = 'prepared' AND changed_at < now() - make_interval(secs => $1) ORDER BY changed_at LIMIT $2`,
      [seconds, limit],
    );
    return found.map((row) => row.uuid);
  }

  /**
   * Takes messages back that have waited in the outbox for `seconds`: the broker is away. The builds are as if they had
   * never been sent; what an agent was told all the same it will find stale.
   */
  async recall(sql: Sql, seconds: number, limit: number): Promise<RecalledBuild[]> {
    const found = await rows<InstanceRecord & { arguments: BuildArguments; request_id: string }>(sql, RECALL, [seconds, limit]);
    return found.map((row) => ({ instance: toInstance(row), arguments: row.arguments, request_id: row.request_id }));
  }

  /** Takes back instances whose user gave them up before any agent was told. */
  async withdraw(sql: Sql, uuids: readonly string[]): Promise<Instance[]> {
    const gone = await rows<InstanceRecord>(sql, WITHDRAW, [uuids]);
    return gone.map(toInstance);
  }

  /**
   * Moves a failed build on to its next host, whose claim is made already: attempt, states and message in one statement.
   * Undefined when the operation is not in `failedAttempt` any more.
   */
  async redirect(sql: Sql, operationUuid: string, failedAttempt: number, next: BuildArguments): Promise<Instance | undefined> {
    const [moved] = await prepared<InstanceRecord>(sql, REDIRECT, [
      operationUuid,
      failedAttempt,
      next.selection.service_host,
      next.selection.availability_zone,
      JSON.stringify(next),
    ]);
    return moved && toInstance(moved);
  }

  /** Ends a build for good: ERROR, on no host. Undefined when the operation is not in `attempt` any more. */
  async fail(sql: Sql, operationUuid: string, attempt: number, fault: InstanceFault): Promise<EndedBuild | undefined> {
    const [row] = await prepared<InstanceRecord & { old_task_state: TaskState | null }>(sql, FAIL, [
      operationUuid,
      attempt,
      JSON.stringify(fault),
    ]);
    return row && { instance: toInstance(row), old_vm_state: 'building', old_task_state: row.old_task_state };
  }
}

const PREPARE = `
  WITH stored AS (
    INSERT INTO instances (${INSERT_COLUMNS})
    SELECT ${INSERT_COLUMNS} FROM jsonb_populate_recordset(NULL::instances, $1::jsonb) ORDER BY uuid
    ON CONFLICT (uuid) DO NOTHING RETURNING uuid, user_id, project_id, created_at
  ), recorded AS (
    INSERT INTO instance_actions (action, instance_uuid, request_id, user_id, project_id, start_time)
    SELECT 'create', uuid, $4, user_id, project_id, created_at FROM stored
    ON CONFLICT (instance_uuid, request_id, action) DO NOTHING
  ), owners AS (
    SELECT m.instance_uuid AS uuid, m.arguments -> 'block_devices' AS devices
      FROM jsonb_to_recordset($2::jsonb) AS m (instance_uuid uuid, arguments jsonb) JOIN stored ON stored.uuid = m.instance_uuid
  ), equipped AS (${insertDevices('owners')})
  INSERT INTO operations AS o (instance_uuid, name, step, host, state, arguments, ctx)
  SELECT m.instance_uuid, 'build', 'build_and_run_instance', m.host, 'prepared', m.arguments, $3::jsonb
    FROM jsonb_to_recordset($2::jsonb) AS m (instance_uuid uuid, host text, arguments jsonb)
   WHERE m.instance_uuid IN (SELECT uuid FROM stored)
      OR EXISTS (SELECT FROM operations p WHERE p.instance_uuid = m.instance_uuid AND p.state = 'prepared')
   ORDER BY m.instance_uuid
  ON CONFLICT (instance_uuid) DO UPDATE
     SET host = excluded.host, arguments = excluded.arguments, ctx = excluded.ctx, changed_at = now()
   WHERE o.state = 'prepared'`;

// Instances are locked in the order of their uuids here and wherever several are touched, and before their operations,
// so that two runs over the same ones wait for, and do not block, each other.
const lockPrepared = `
  due AS MATERIALIZED (
    SELECT i.uuid FROM instances i
     WHERE i.uuid = ANY($1::uuid[]) AND EXISTS (SELECT FROM operations o WHERE o.instance_uuid = i.uuid AND o.state = 'prepared')
     ORDER BY i.uuid FOR UPDATE OF i
  )`;

const SEND = `
  WITH ${lockPrepared}, operation AS (
    UPDATE operations o SET state = 'sent', changed_at = now(), sent_at = now()
      FROM due WHERE o.instance_uuid = due.uuid AND o.state = 'prepared'
    RETURNING o.*
  ), sent AS (${sendSteps('operation', 'hand')}), placed AS (
    UPDATE instances i
       SET availability_zone = coalesce(o.arguments #>> '{selection,availability_zone}', i.availability_zone),
           revision = i.revision + 1, updated_at = now()
      FROM operation o WHERE i.uuid = o.instance_uuid
    RETURNING ${instanceColumns('i')}
  )
  SELECT placed.*, to_jsonb(sent) AS message FROM placed JOIN sent ON sent.args ->> 'instance_uuid' = placed.uuid::text`;

// A row that a relay works on at this moment is locked, and left to it.
const RECALL = `
  WITH waiting AS MATERIALIZED (
    SELECT w.id, o.instance_uuid FROM operations o JOIN outbox w ON w.args ->> 'operation_uuid' = o.uuid::text
     WHERE o.name = 'build' AND o.state = 'sent' AND o.changed_at < now() - make_interval(secs => $1)
     ORDER BY o.instance_uuid LIMIT $2 FOR UPDATE OF w, o SKIP LOCKED
  ), unsent AS (
    DELETE FROM outbox w USING waiting WHERE w.id = waiting.id
  ), operation AS (
    UPDATE operations o SET state = 'prepared', changed_at = now() FROM waiting WHERE o.instance_uuid = waiting.instance_uuid
    RETURNING o.*
  )
  SELECT ${instanceColumns('i')}, o.arguments, o.ctx ->> 'requestId' AS request_id FROM operation o JOIN instances i ON i.uuid = o.instance_uuid`;

const WITHDRAW = `
  WITH ${lockPrepared}, gone AS (
    DELETE FROM instances i USING due, operations o
     WHERE i.uuid = due.uuid AND o.instance_uuid = i.uuid AND o.state = 'prepared'
    RETURNING ${instanceColumns('i')}
  ), unrecorded AS (DELETE FROM instance_actions a USING gone WHERE a.instance_uuid = gone.uuid)
  SELECT * FROM gone`;

/** A build that is in attempt $2 of operation $1 and has not ended. */
const OLD = `
  old AS MATERIALIZED (
    SELECT i.uuid, i.task_state FROM instances i JOIN operations o ON o.instance_uuid = i.uuid
     WHERE o.uuid = $1 AND o.attempt = $2 AND o.name = 'build' FOR UPDATE OF i
  )`;

const REDIRECT = `
  WITH ${OLD}, operation AS (
    UPDATE operations o
       SET attempt = o.attempt + 1, host = $3, state = 'sent', arguments = $5::jsonb, fault = NULL, changed_at = now(), sent_at = now(),
           beat_at = NULL
      FROM old WHERE o.uuid = $1 AND o.attempt = $2
    RETURNING o.*
  ), sent AS (${sendSteps('operation')}), moved AS (
    UPDATE instances i
       SET host = NULL, node = NULL, compute_node_uuid = NULL, launched_on = NULL, task_state = 'scheduling',
           availability_zone = coalesce($4::text, i.availability_zone), revision = i.revision + 1, updated_at = now()
      FROM operation o WHERE i.uuid = o.instance_uuid
    RETURNING ${instanceColumns('i')}
  ), left_group AS (
    DELETE FROM group_placements g USING moved WHERE g.instance_uuid = moved.uuid
  )
  SELECT * FROM moved`;

const FAIL = `
  WITH ${OLD}, operation AS (
    DELETE FROM operations o USING old WHERE o.uuid = $1 AND o.attempt = $2 RETURNING o.*
  ), failed AS (
    UPDATE instances i
       SET vm_state = 'error', task_state = NULL, host = NULL, node = NULL, compute_node_uuid = NULL, launched_on = NULL,
           fault = $3::jsonb, revision = i.revision + 1, updated_at = now()
      FROM operation o WHERE i.uuid = o.instance_uuid
    RETURNING ${instanceColumns('i')}
  ), left_group AS (
    DELETE FROM group_placements g USING failed WHERE g.instance_uuid = failed.uuid
  ), ${closeEvent('operation', `'compute__do_build_and_run_instance'`, '$3::jsonb', 'true')}
  SELECT failed.*, old.task_state AS old_task_state FROM failed JOIN old ON old.uuid = failed.uuid`;
