import type { ActionRule, OperationRule } from '@kilonova/compute-objects';
import { abandonImages } from '../image-errand/image-errand.statements.js';
import { instanceColumns } from '../instance/instance.columns.js';
import { type MessageWay, sendPlacings, sendSteps } from './operation.statements.js';

const PREEMPT = `
    ON CONFLICT (instance_uuid) DO UPDATE
       SET uuid = excluded.uuid, name = excluded.name, step = excluded.step, attempt = 1, host = excluded.host,
           state = excluded.state, migration_uuid = excluded.migration_uuid, arguments = excluded.arguments, ctx = excluded.ctx,
           fault = NULL, created_at = now(), changed_at = now(), sent_at = now(), beat_at = NULL`;

// Of the operation whose place is taken the row is read as it was.
const PREEMPTED = `preempted AS MATERIALIZED (
    SELECT o.* FROM operations o JOIN changed ON o.instance_uuid = changed.uuid
  ), ${abandonImages('preempted')}, `;

/** Of a server that keeps its flavor both types are the same, and no flavors are kept. */
const NEW_MIGRATION = (status: string): string => `
    INSERT INTO migrations (uuid, instance_uuid, project_id, user_id, migration_type, status, source_compute, source_node,
                            source_node_uuid, source_zone, old_instance_type_id, new_instance_type_id, old_flavor, new_flavor)
    SELECT gen_random_uuid(), uuid, project_id, user_id, $14, '${status}', host, node, compute_node_uuid, availability_zone,
           (flavor ->> 'id')::int, coalesce($9::jsonb #>> '{flavor,id}', flavor ->> 'id')::int,
           CASE WHEN $9::jsonb ->> 'flavor' IS NULL THEN NULL ELSE flavor END, nullif($9::jsonb -> 'flavor', 'null')
      FROM changed
    RETURNING *`;

const RESUMED_MIGRATION = (from: string, to: string): string => `
    UPDATE migrations g SET status = '${to}', updated_at = now() FROM changed
     WHERE g.instance_uuid = changed.uuid AND g.status = '${from}' AND $14::text IS NULL
    RETURNING g.*`;

/** The CTE `migration`: made, gone on with, or none. */
function migrationOf({ placed, resumes }: OperationRule): string {
  if (placed?.migration !== undefined) return NEW_MIGRATION(placed.migration);
  if (resumes !== undefined) return RESUMED_MIGRATION(resumes.from, resumes.to);
  return `SELECT $14::text WHERE false`;
}

/** Whose turn it is first. */
function firstHost({ placed, resumes, steps: [first] }: OperationRule): string {
  if (placed !== undefined) return `''`;
  if (resumes === undefined || first.at === 'host') return '$4';
  return first.at === 'source' ? 'migration.source_compute' : 'migration.dest_compute';
}

const migrationUuid = ({ placed, resumes }: OperationRule): string =>
  placed?.migration === undefined && resumes === undefined ? 'NULL::uuid' : 'migration.uuid';

const DELETED_AT = { now: 'deleted_at = now(), ', never: 'deleted_at = NULL, ', 'as before': '' } as const;

/**
 * Accepts an operation: task state, record, migration, operation and the first message together. $1 to $4 instance, states
 * and host that it was judged by, $5 task state, $6 action, $7 operation, $8 step, $9 arguments, $10 context, $11 request,
 * $12 user, $13 project, $14 type of the migration.
 */
// The instance's row is locked before its operation is looked at, so that of two requests one comes second. Who waited for the lock
// sees the row as it is then, but operations as they were before: what tells it of the other is the revision, which moved on.
export function acceptStatement(rule: OperationRule, via: MessageWay, deletedAt?: ActionRule['deletedAt']): string {
  const { preempts, placed, resumes } = rule;
  const send = placed === undefined ? sendSteps : sendPlacings;
  return `
  WITH seen AS MATERIALIZED (SELECT revision FROM instances WHERE uuid = $1), old AS MATERIALIZED (
    SELECT i.uuid FROM instances i, seen
     WHERE i.uuid = $1 AND vm_state = $2 AND task_state IS NOT DISTINCT FROM $3::text AND host IS NOT DISTINCT FROM $4::text
       ${preempts ? '' : 'AND i.revision = seen.revision AND NOT EXISTS (SELECT FROM operations WHERE instance_uuid = $1)'}
       ${resumes === undefined ? '' : `AND EXISTS (SELECT FROM migrations WHERE instance_uuid = $1 AND status = '${resumes.from}')`}
     FOR UPDATE OF i
  ), changed AS (
    UPDATE instances i SET task_state = $5, progress = 0, ${DELETED_AT[deletedAt ?? 'as before']}revision = i.revision + 1, updated_at = now()
      FROM old WHERE i.uuid = old.uuid
    RETURNING ${instanceColumns('i')}
  ), recorded AS (
    INSERT INTO instance_actions (action, instance_uuid, request_id, user_id, project_id, start_time)
    SELECT $6, uuid, $11, $12, $13, now() FROM changed
    ON CONFLICT (instance_uuid, request_id, action) DO NOTHING
  ), ${preempts ? PREEMPTED : ''}migration AS (${migrationOf(rule)}), operation AS (
    INSERT INTO operations (instance_uuid, name, step, host, state, arguments, ctx, migration_uuid)
    SELECT changed.uuid, $7, $8, ${firstHost(rule)}, '${placed === undefined ? 'sent' : 'placing'}', $9::jsonb, $10::jsonb, ${migrationUuid(rule)}
      FROM changed LEFT JOIN migration ON true
    ${preempts ? PREEMPT : ''}
    RETURNING *
  ), sent AS (${send('operation', via)})
  SELECT changed.*${via === 'hand' ? ', to_jsonb(sent) AS message FROM changed LEFT JOIN sent ON true' : ' FROM changed'}`;
}
