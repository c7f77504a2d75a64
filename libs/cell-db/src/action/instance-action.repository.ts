import type { ActionEvent } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';
import type { InstanceActionEventRow, InstanceActionRow } from './instance-action.entity.js';

export interface NewInstanceAction {
  readonly action: string;
  readonly instance_uuid: string;
  readonly request_id: string;
  readonly user_id: string | null;
  readonly project_id: string | null;
}

/** What was asked of instances, and what became of it. Kept when the instance is deleted. */
export class InstanceActionRepository {
  /** Records an action; asking twice in one request is one action. */
  async start(sql: Sql, action: NewInstanceAction): Promise<void> {
    await rows(
      sql,
      `INSERT INTO instance_actions (action, instance_uuid, request_id, user_id, project_id, start_time) VALUES ($1, $2, $3, $4, $5, now())
       ON CONFLICT (instance_uuid, request_id, action) DO NOTHING`,
      [action.action, action.instance_uuid, action.request_id, action.user_id, action.project_id],
    );
  }

  /** Newest first. */
  async list(sql: Sql, instanceUuid: string): Promise<InstanceActionRow[]> {
    return rows(sql, 'SELECT * FROM instance_actions WHERE instance_uuid = $1 ORDER BY created_at DESC, id DESC', [instanceUuid]);
  }

  async find(sql: Sql, instanceUuid: string, requestId: string): Promise<InstanceActionRow | undefined> {
    const [found] = await rows<InstanceActionRow>(
      sql,
      'SELECT * FROM instance_actions WHERE instance_uuid = $1 AND request_id = $2 ORDER BY id DESC LIMIT 1',
      [instanceUuid, requestId],
    );
    return found;
  }

  /** Newest first. */
  async events(sql: Sql, actionId: number): Promise<InstanceActionEventRow[]> {
    return rows(sql, 'SELECT * FROM instance_action_events WHERE action_id = $1 ORDER BY start_time DESC, id DESC', [actionId]);
  }

  /** Opens an event of the request's action; one that is open already stays. False: the action is unknown. */
  async startEvent(sql: Sql, event: ActionEvent): Promise<boolean> {
    const found = await rows(sql, START, [event.instance_uuid, event.request_id, event.event, event.host]);
    return found.length > 0;
  }

  /** Closes the open event, or writes a closed one when its start was lost. False: the action is unknown. */
  async finishEvent(sql: Sql, event: ActionEvent): Promise<boolean> {
    const found = await rows(sql, FINISH, [
      event.instance_uuid,
      event.request_id,
      event.event,
      event.host,
      event.result ?? 'Success',
      event.details ?? null,
      event.traceback ?? null,
    ]);
    return found.length > 0;
  }
}

const ACTION = `
  SELECT id FROM instance_actions WHERE instance_uuid = $1 AND request_id = $2 ORDER BY id DESC LIMIT 1`;

const START = `
  WITH act AS MATERIALIZED (${ACTION}), opened AS (
    INSERT INTO instance_action_events (action_id, event, start_time, host)
    SELECT act.id, $3, now(), $4 FROM act
     WHERE NOT EXISTS (SELECT FROM instance_action_events e WHERE e.action_id = act.id AND e.event = $3 AND e.host = $4 AND e.finish_time IS NULL)
    ON CONFLICT (action_id, event, start_time) DO NOTHING
  )
  UPDATE instance_actions a SET updated_at = now() FROM act WHERE a.id = act.id RETURNING a.id`;

const FINISH = `
  WITH act AS MATERIALIZED (${ACTION}), closed AS (
    UPDATE instance_action_events e SET finish_time = now(), result = $5, details = $6, traceback = $7
      FROM act WHERE e.action_id = act.id AND e.event = $3 AND e.host = $4 AND e.finish_time IS NULL
    RETURNING e.id
  ), late AS (
    INSERT INTO instance_action_events (action_id, event, start_time, finish_time, result, host, details, traceback)
    SELECT act.id, $3, now(), now(), $5, $4, $6, $7 FROM act
     WHERE NOT EXISTS (SELECT FROM closed)
       AND NOT EXISTS (SELECT FROM instance_action_events e WHERE e.action_id = act.id AND e.event = $3 AND e.host = $4 AND e.result = $5)
    ON CONFLICT (action_id, event, start_time) DO NOTHING
  )
  UPDATE instance_actions a
     SET updated_at = now(), message = CASE WHEN $5 = 'Error' THEN 'Error' ELSE a.message END,
         finish_time = CASE WHEN $5 = 'Success' THEN now() ELSE a.finish_time END
    FROM act WHERE a.id = act.id RETURNING a.id`;
