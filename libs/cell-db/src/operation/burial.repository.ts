import type { BlockDevice, Instance, RebuildArguments } from '@kilonova/compute-objects';
import { execute, prepared, rows, type Sql } from '@kilonova/sql';
import type { Ctx } from '@kilonova/util';
import { devicesOf, insertDevices } from '../block-device/block-device.statements.js';
import { INSERT_COLUMNS, instanceColumns, TRAVELLING } from '../instance/instance.columns.js';
import { type InstanceRecord, toInstance } from '../instance/instance.mapper.js';

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

/** A server of cell0 that is to be scheduled anew, as its rebuild asks for it. */
export interface Revival {
  readonly operation_uuid: string;
  readonly arguments: RebuildArguments;
  /** Of the request that asked for it. */
  readonly ctx: Ctx;
  readonly instance: Instance;
  readonly devices: readonly BlockDevice[];
}

type RevivalRow = Omit<Revival, 'instance'> & { readonly instance: InstanceRecord };

/** Servers that never got a host, in cell0. */
export class BurialRepository {
  /**
   * Stores the instances as they are given (state and fault included) with their failed `create` actions: one statement, safe to
   * repeat. What lies there with a rebuild under way is of an earlier life: it is replaced by a row of its own, which
   * `leave` does not take for the one that it has to remove.
   */
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

  /** Undefined: nobody asks for it any more. */
  async revival(sql: Sql, operationUuid: string): Promise<Revival | undefined> {
    const [row] = await prepared<RevivalRow>(sql, `${REVIVALS} AND o.uuid = $1`, [operationUuid]);
    return row && { ...row, instance: toInstance(row.instance) };
  }

  /** Rebuilds that were accepted more than `seconds` ago. */
  async overdue(sql: Sql, seconds: number, limit: number): Promise<Array<Pick<Revival, 'operation_uuid'>>> {
    return rows(
      sql,
      `SELECT o.uuid AS operation_uuid FROM operations o
        WHERE ${IS_REVIVAL} AND o.changed_at < now() - make_interval(secs => $1) ORDER BY o.changed_at LIMIT $2`,
      [seconds, limit],
    );
  }

  /** The server is on its way elsewhere: the row that was read, with all that belongs to it, and its rebuild go. Safe to repeat. */
  async leave(sql: Sql, { operation_uuid: operation, instance: { uuid, id } }: Revival): Promise<void> {
    await execute(
      sql,
      `WITH gone AS (DELETE FROM instances WHERE uuid = $2 AND id = $3 RETURNING uuid), ended AS (DELETE FROM operations WHERE uuid = $1)
       DELETE FROM instance_actions a USING gone WHERE a.instance_uuid = gone.uuid`,
      [operation, uuid, id],
    );
  }
}

const IS_REVIVAL = `o.name = 'rebuild' AND o.state = 'placing'`;

const REVIVALS = `
  SELECT o.uuid AS operation_uuid, o.arguments, o.ctx, ${devicesOf('o.instance_uuid')} AS devices,
         (SELECT to_jsonb(s) FROM (SELECT ${instanceColumns('i')} FROM instances i WHERE i.uuid = o.instance_uuid) s) AS instance
    FROM operations o WHERE ${IS_REVIVAL}`;

const REPLACED = TRAVELLING.filter((column) => column !== 'uuid')
  .map((column) => `${column} = excluded.${column}`)
  .join(', ');

const BURY = `
  WITH stored AS (
    INSERT INTO instances (${INSERT_COLUMNS})
    SELECT ${INSERT_COLUMNS} FROM jsonb_populate_recordset(NULL::instances, $1::jsonb) ORDER BY uuid
    ON CONFLICT (uuid) DO UPDATE SET id = DEFAULT, ${REPLACED}
      WHERE EXISTS (SELECT FROM operations o WHERE o.instance_uuid = instances.uuid)
    RETURNING uuid, user_id, project_id, created_at
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
