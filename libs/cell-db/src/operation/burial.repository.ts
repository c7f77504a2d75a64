import type { BlockDevice, Instance } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';
import { insertDevices } from '../block-device/block-device.statements.js';
import { INSERT_COLUMNS } from '../instance/instance.columns.js';

/** What the failed `create` action of a buried instance says. */
export interface BurialEvent {
  readonly requestId: string;
  /** `conductor_schedule_and_build_instances`. */
  readonly event: string;
  readonly host: string;
  /** For everybody. */
  readonly details: string;
  /** For administrators. */
  readonly traceback: string;
}

/** Servers that never got a host, in cell0. */
export class BurialRepository {
  /** Stores the instances as they are given (error state and fault included) with their failed `create` actions: one statement, safe to repeat. */
  async buryMany(
    sql: Sql,
    instances: readonly Instance[],
    event: BurialEvent,
    devices: ReadonlyMap<string, readonly BlockDevice[]> = new Map(),
  ): Promise<void> {
    const owners = [...devices].map(([uuid, list]) => ({ uuid, devices: list }));
    await rows(sql, BURY, [
      JSON.stringify(instances),
      event.requestId,
      event.event,
      event.host,
      event.details,
      event.traceback,
      JSON.stringify(owners),
    ]);
  }

  /** Removes what turned out to have been given up by its user meanwhile. */
  async exhumeMany(sql: Sql, uuids: readonly string[]): Promise<void> {
    await rows(
      sql,
      `WITH acted AS (DELETE FROM instance_actions WHERE instance_uuid = ANY($1::uuid[]))
       DELETE FROM instances WHERE uuid = ANY($1::uuid[])`,
      [uuids],
    );
  }
}

const BURY = `
  WITH stored AS (
    INSERT INTO instances (${INSERT_COLUMNS})
    SELECT ${INSERT_COLUMNS} FROM jsonb_populate_recordset(NULL::instances, $1::jsonb) ORDER BY uuid
    ON CONFLICT (uuid) DO NOTHING RETURNING uuid, user_id, project_id, created_at
  ), owners AS (
    SELECT o.* FROM jsonb_to_recordset($7::jsonb) AS o (uuid uuid, devices jsonb) JOIN stored ON stored.uuid = o.uuid
  ), equipped AS (${insertDevices('owners')}
  ), acted AS (
    INSERT INTO instance_actions (action, instance_uuid, request_id, user_id, project_id, start_time, finish_time, message)
    SELECT 'create', uuid, $2, user_id, project_id, created_at, now(), 'Error' FROM stored
    ON CONFLICT (instance_uuid, request_id, action) DO NOTHING RETURNING id, start_time
  )
  INSERT INTO instance_action_events (action_id, event, start_time, finish_time, result, host, details, traceback)
  SELECT id, $3, start_time, now(), 'Error', $4, $5, $6 FROM acted
  ON CONFLICT (action_id, event, start_time) DO NOTHING`;
