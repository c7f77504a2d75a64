import { type BuildAndRunInstance, type Instance, messages } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';
import type { Ctx } from '@kilonova/util';
import { INSERT_COLUMNS, instanceColumns } from '../instance/instance.columns.js';
import { type InstanceRecord, toInstance } from '../instance/instance.mapper.js';

/** One instance on its way to a host, and what the host will be told. */
export interface PreparedBuild {
  readonly instance: Instance;
  readonly args: BuildAndRunInstance;
}

/** A cast outlives the request that caused it: no deadline goes with it. */
const portable = ({ deadline: _deadline, ...ctx }: Ctx): string => JSON.stringify(ctx);

const { name: METHOD, topic: TOPIC, version: VERSION } = messages.buildAndRunInstance;

/** The way of a build from the conductor to an agent: prepared, handed over, handed over again. */
export class BuildDispatchRepository {
  /**
   * Stores new instances with their `create` actions and what their hosts will be told: one statement, safe to
   * repeat. A repeated run may have chosen another host; it replaces the message only while none was handed over.
   */
  async prepareMany(sql: Sql, ctx: Ctx, builds: readonly PreparedBuild[]): Promise<void> {
    const instances = JSON.stringify(builds.map((build) => build.instance));
    const messages = JSON.stringify(
      builds.map(({ args }) => ({ instance_uuid: args.instance_uuid, host: args.selection.service_host, args })),
    );
    await rows(sql, PREPARE, [instances, messages, portable(ctx), ctx.requestId]);
  }

  /**
   * Hands prepared messages to the outbox, each once per attempt; what is gone, being deleted or handed over already
   * is left alone. Returns what was handed over.
   */
  async dispatchMany(sql: Sql, uuids: readonly string[]): Promise<Instance[]> {
    const sent = await rows<InstanceRecord>(sql, DISPATCH, [uuids]);
    return sent.map(toInstance);
  }

  /**
   * Moves a failed build on to its next host, whose claim is made already: attempt, state, message and outbox in one
   * statement. Undefined when the instance is not in `failedAttempt` any more.
   */
  async redirect(sql: Sql, ctx: Ctx, failedAttempt: number, args: BuildAndRunInstance): Promise<Instance | undefined> {
    const [moved] = await rows<InstanceRecord>(sql, REDIRECT, [
      args.instance_uuid,
      failedAttempt,
      args.build_attempt,
      args.selection.availability_zone,
      args.selection.service_host,
      JSON.stringify(args),
      portable(ctx),
    ]);
    return moved && toInstance(moved);
  }

  /** Tells living hosts again of builds that they have not taken on `seconds` after they were told. */
  async repeatLost(sql: Sql, seconds: number, serviceDownSeconds: number, limit: number): Promise<string[]> {
    const told = await rows<{ instance_uuid: string }>(sql, REPEAT, [seconds, serviceDownSeconds, limit]);
    return told.map((row) => row.instance_uuid);
  }

  /** Instances that were stored and never handed over, for longer than `seconds`. */
  async undispatched(sql: Sql, seconds: number, limit: number): Promise<string[]> {
    const found = await rows<{ uuid: string }>(
      sql,
      `SELECT uuid FROM instances
        WHERE vm_state = 'building' AND dispatched_attempt = 0 AND coalesce(updated_at, created_at) < now() - make_interval(secs => $1)
        ORDER BY coalesce(updated_at, created_at) LIMIT $2`,
      [seconds, limit],
    );
    return found.map((row) => row.uuid);
  }

  /** Takes back instances whose user gave them up before anybody was told of them. */
  async withdraw(sql: Sql, uuids: readonly string[]): Promise<Instance[]> {
    const gone = await rows<InstanceRecord>(
      sql,
      `WITH due AS MATERIALIZED (
              SELECT uuid FROM instances WHERE uuid = ANY($1::uuid[]) AND host IS NULL AND dispatched_attempt = 0 ORDER BY uuid FOR UPDATE),
            gone AS (DELETE FROM instances i USING due WHERE i.uuid = due.uuid RETURNING ${instanceColumns('i')}),
            acted AS (DELETE FROM instance_actions a USING gone WHERE a.instance_uuid = gone.uuid)
       SELECT * FROM gone`,
      [uuids],
    );
    return gone.map(toInstance);
  }
}

const OUTBOX = 'INSERT INTO outbox (message_id, topic, host, method, version, args, ctx)';

const PREPARE = `
  WITH stored AS (
    INSERT INTO instances (${INSERT_COLUMNS})
    SELECT ${INSERT_COLUMNS} FROM jsonb_populate_recordset(NULL::instances, $1::jsonb) ORDER BY uuid
    ON CONFLICT (uuid) DO NOTHING RETURNING uuid, user_id, project_id, created_at
  ), acted AS (
    INSERT INTO instance_actions (action, instance_uuid, request_id, user_id, project_id, start_time)
    SELECT 'create', uuid, $4, user_id, project_id, created_at FROM stored
    ON CONFLICT (instance_uuid, request_id, action) DO NOTHING
  )
  INSERT INTO build_dispatches AS d (instance_uuid, host, args, ctx)
  SELECT m.instance_uuid, m.host, m.args, $3::jsonb
    FROM jsonb_to_recordset($2::jsonb) AS m (instance_uuid uuid, host text, args jsonb)
   WHERE NOT EXISTS (SELECT FROM instances i WHERE i.uuid = m.instance_uuid AND i.dispatched_attempt > 0)
   ORDER BY m.instance_uuid
  ON CONFLICT (instance_uuid) DO UPDATE SET host = excluded.host, args = excluded.args, ctx = excluded.ctx`;

// Rows are locked in the order of their uuids here and wherever several are touched, so that two runs over the same
// instances wait for, and do not block, each other.
const DISPATCH = `
  WITH due AS MATERIALIZED (
    SELECT uuid FROM instances
     WHERE uuid = ANY($1::uuid[]) AND vm_state = 'building' AND task_state = 'scheduling' ORDER BY uuid FOR UPDATE
  ), ready AS (
    UPDATE instances i
       SET dispatched_attempt = (d.args ->> 'build_attempt')::int,
           availability_zone = coalesce(d.args #>> '{selection,availability_zone}', i.availability_zone),
           revision = i.revision + 1, updated_at = now()
      FROM due, build_dispatches d
     WHERE d.instance_uuid = i.uuid AND i.uuid = due.uuid AND i.dispatched_attempt < (d.args ->> 'build_attempt')::int
    RETURNING ${instanceColumns('i')}
  ), sent AS (
    ${OUTBOX}
    SELECT gen_random_uuid(), '${TOPIC}', d.host, '${METHOD}', '${VERSION}', d.args, d.ctx FROM ready JOIN build_dispatches d ON d.instance_uuid = ready.uuid
  )
  SELECT * FROM ready`;

const REDIRECT = `
  WITH moved AS (
    UPDATE instances i
       SET dispatched_attempt = $3, host = NULL, node = NULL, compute_node_uuid = NULL, launched_on = NULL, task_state = 'scheduling',
           availability_zone = coalesce($4::text, i.availability_zone), revision = i.revision + 1, updated_at = now()
     WHERE i.uuid = $1 AND i.vm_state = 'building' AND i.dispatched_attempt = $2 AND i.task_state IS DISTINCT FROM 'deleting'
    RETURNING ${instanceColumns('i')}
  ), left_group AS (
    DELETE FROM group_placements g USING moved WHERE g.instance_uuid = moved.uuid
  ), told AS (
    INSERT INTO build_dispatches (instance_uuid, host, args, ctx) SELECT uuid, $5, $6::jsonb, $7::jsonb FROM moved
    ON CONFLICT (instance_uuid) DO UPDATE SET host = excluded.host, args = excluded.args, ctx = excluded.ctx, told_at = now()
  ), sent AS (
    ${OUTBOX} SELECT gen_random_uuid(), '${TOPIC}', $5, '${METHOD}', '${VERSION}', $6::jsonb, $7::jsonb FROM moved
  )
  SELECT * FROM moved`;

// Not while an earlier copy still waits in the outbox: the broker is the trouble then, not the message.
const REPEAT = `
  WITH lost AS (
    SELECT d.instance_uuid
      FROM build_dispatches d
      JOIN instances i ON i.uuid = d.instance_uuid
      JOIN services s ON s.host = d.host AND s."binary" = 'nova-compute'
     WHERE i.vm_state = 'building' AND i.task_state = 'scheduling' AND i.host IS NULL
       AND i.dispatched_attempt = (d.args ->> 'build_attempt')::int AND i.build_attempt < i.dispatched_attempt
       AND d.told_at < now() - make_interval(secs => $1)
       AND NOT s.forced_down AND s.last_seen_up > now() - make_interval(secs => $2)
       AND NOT EXISTS (SELECT FROM outbox o WHERE o.args ->> 'instance_uuid' = d.instance_uuid::text AND o.method = '${METHOD}')
     ORDER BY d.told_at LIMIT $3 FOR UPDATE OF d SKIP LOCKED
  ), told AS (
    UPDATE build_dispatches d SET told_at = now() FROM lost WHERE d.instance_uuid = lost.instance_uuid RETURNING d.*
  ), sent AS (
    ${OUTBOX} SELECT gen_random_uuid(), '${TOPIC}', host, '${METHOD}', '${VERSION}', args, ctx FROM told
  )
  SELECT instance_uuid FROM told`;
