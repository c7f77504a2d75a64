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

  /** Records an action that has ended with the transaction it is recorded in. */
  async record(sql: Sql, action: NewInstanceAction): Promise<void> {
    await rows(
      sql,
      `INSERT INTO instance_actions (action, instance_uuid, request_id, user_id, project_id, start_time, finish_time)
       VALUES ($1, $2, $3, $4, $5, now(), now())
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
}
