import { messages, type TerminateInstance } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';

const { name: METHOD, topic: TOPIC, version: VERSION } = messages.terminateInstance;

/** Deletes on their way to the agents. */
export class DeleteDispatchRepository {
  /**
   * Tells living hosts again of instances whose delete has not moved for `seconds`, at most `limit` of them, under the
   * request that asked for it. Returns their uuids.
   */
  async repeatLost(sql: Sql, seconds: number, serviceDownSeconds: number, limit: number): Promise<string[]> {
    const told = await rows<{ uuid: string } & TerminateInstance>(sql, REPEAT, [seconds, serviceDownSeconds, limit]);
    return told.map((row) => row.uuid);
  }
}

// updated_at is what keeps the pause between two repeats; nothing else changes.
const REPEAT = `
  WITH lost AS (
    SELECT i.uuid FROM instances i
      JOIN services s ON s.host = i.host AND s."binary" = 'nova-compute'
     WHERE i.task_state = 'deleting' AND i.updated_at < now() - make_interval(secs => $1)
       AND NOT s.forced_down AND s.last_seen_up > now() - make_interval(secs => $2)
       AND NOT EXISTS (SELECT FROM outbox o WHERE o.method = '${METHOD}' AND o.args ->> 'instance_uuid' = i.uuid::text)
     ORDER BY i.updated_at LIMIT $3 FOR UPDATE OF i SKIP LOCKED
  ), told AS (
    UPDATE instances i SET updated_at = now() FROM lost WHERE i.uuid = lost.uuid RETURNING i.uuid, i.host, i.user_id, i.project_id
  ), sent AS (
    INSERT INTO outbox (message_id, topic, host, method, version, args, ctx)
    SELECT gen_random_uuid(), '${TOPIC}', told.host, '${METHOD}', '${VERSION}', jsonb_build_object('instance_uuid', told.uuid),
           jsonb_build_object('requestId', coalesce(a.request_id, 'req-' || gen_random_uuid()), 'principal',
             jsonb_build_object('userId', told.user_id, 'projectId', told.project_id, 'roles', '[]'::jsonb, 'isAdmin', false))
      FROM told LEFT JOIN LATERAL (
        SELECT request_id FROM instance_actions a WHERE a.instance_uuid = told.uuid AND a.action = 'delete' ORDER BY id DESC LIMIT 1
      ) a ON true
  )
  SELECT uuid FROM told`;
