import type { InstanceFault } from '@kilonova/compute-objects';
import { prepared, rows, type Sql } from '@kilonova/sql';
import type { InstanceActionEventRow, InstanceActionRow } from './instance-action.entity.js';

export interface NewInstanceAction {
  readonly action: string;
  readonly instance_uuid: string;
  readonly request_id: string;
  readonly user_id: string | null;
  readonly project_id: string | null;
}

/**
 * What became of what a request began: `under-way` while its operation is there, `overtaken` where another operation took
 * its place.
 */
export type ActionEnd =
  | { readonly outcome: 'under-way' | 'succeeded' | 'overtaken' }
  | { readonly outcome: 'failed'; readonly fault: Pick<InstanceFault, 'code' | 'message'> };

interface EndRow {
  readonly ended: boolean;
  readonly message: string | null;
  readonly fault: InstanceFault | null;
  readonly under_way: boolean;
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

  /** How an action ended that an operation carries out. */
  async endOf(sql: Sql, instanceUuid: string, requestId: string, action: string): Promise<ActionEnd> {
    const [row] = await prepared<EndRow>(sql, END, [instanceUuid, requestId, action]);
    if (row === undefined) return { outcome: 'overtaken' };
    if (!row.ended) return { outcome: row.under_way ? 'under-way' : 'overtaken' };
    return row.message === null ? { outcome: 'succeeded' } : { outcome: 'failed', fault: row.fault ?? UNKNOWN_FAULT };
  }

  /** Newest first. */
  async events(sql: Sql, actionId: number): Promise<InstanceActionEventRow[]> {
    return rows(sql, 'SELECT * FROM instance_action_events WHERE action_id = $1 ORDER BY start_time DESC, id DESC', [actionId]);
  }
}

/** Of a server that is gone with its fault. */
const UNKNOWN_FAULT = { code: 500, message: 'Error' } as const;

const END = `
  SELECT a.finish_time IS NOT NULL AS ended, a.message, i.fault,
         EXISTS (SELECT FROM operations o WHERE o.instance_uuid = a.instance_uuid AND o.ctx ->> 'requestId' = a.request_id) AS under_way
    FROM instance_actions a LEFT JOIN instances i ON i.uuid = a.instance_uuid
   WHERE a.instance_uuid = $1 AND a.request_id = $2 AND a.action = $3`;
