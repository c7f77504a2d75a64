import type { Instance, InstanceFault, InstanceUpdates, TaskState, VmState } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';
import { FINAL } from '../migration/migration.statements.js';
import { INSERT_COLUMNS, instanceColumns } from './instance.columns.js';
import { type InstanceRecord, toInstance } from './instance.mapper.js';
import { type Assignments, assignments } from './instance-assignments.js';

/** Where a row must be for a conditional change; what is left out is no condition. */
export interface InstanceGuard {
  /** On this host; null: on none. */
  readonly host?: string | null;
  readonly taskStates?: ReadonlyArray<TaskState | null>;
  readonly vmStates?: readonly VmState[];
}

export type InstanceChange =
  | {
      readonly outcome: 'updated';
      readonly instance: Instance;
      readonly old_vm_state: VmState;
      readonly old_task_state: TaskState | null;
    }
  | {
      readonly outcome: 'stale';
      readonly vm_state: VmState | null;
      readonly task_state: TaskState | null;
      readonly host: string | null;
    };

interface ChangeRow extends Omit<InstanceRecord, 'uuid'> {
  /** Null: the row was found and did not pass the guard. */
  readonly uuid: string | null;
  readonly old_vm_state: VmState;
  readonly old_task_state: TaskState | null;
  readonly old_host: string | null;
}

/** Live instances of a cell. */
export class InstanceRepository {
  /** For tests: stores instances as they are given; those that exist already stay. Returns the uuids that were new. */
  async insertMany(sql: Sql, instances: readonly Instance[]): Promise<string[]> {
    const inserted = await rows<{ uuid: string }>(
      sql,
      `INSERT INTO instances (${INSERT_COLUMNS})
       SELECT ${INSERT_COLUMNS} FROM jsonb_populate_recordset(NULL::instances, $1::jsonb)
       ON CONFLICT (uuid) DO NOTHING RETURNING uuid`,
      [JSON.stringify(instances)],
    );
    return inserted.map((row) => row.uuid);
  }

  async find(sql: Sql, uuid: string): Promise<Instance | undefined> {
    const [found] = await this.findMany(sql, [uuid]);
    return found;
  }

  async findMany(sql: Sql, uuids: readonly string[]): Promise<Instance[]> {
    const found = await rows<InstanceRecord>(
      sql,
      `SELECT ${instanceColumns('i')} FROM instances i WHERE uuid = ANY($1::uuid[])`,
      [uuids],
    );
    return found.map(toInstance);
  }

  /** Those of the given uuids that live in this cell. */
  async existing(sql: Sql, uuids: readonly string[]): Promise<Set<string>> {
    const found = await rows<{ uuid: string }>(sql, 'SELECT uuid FROM instances WHERE uuid = ANY($1::uuid[])', [uuids]);
    return new Set(found.map((row) => row.uuid));
  }

  /** What an agent has to know when it starts: everything that is, or was going to be, on its host. */
  async onHost(sql: Sql, host: string): Promise<Instance[]> {
    const found = await rows<InstanceRecord>(sql, `SELECT ${instanceColumns('i')} FROM instances i WHERE host = $1 ORDER BY id`, [
      host,
    ]);
    return found.map(toInstance);
  }

  /** Everything that may have a guest on the host: what is there, and what moves to or from it or failed to. */
  async withGuestsOn(sql: Sql, host: string): Promise<Instance[]> {
    const found = await rows<InstanceRecord>(sql, WITH_GUESTS_ON, [host]);
    return found.map(toInstance);
  }

  /** Servers on hosts that were shelved longer than `seconds` ago and with which nothing is being done, oldest first. */
  async shelvedFor(sql: Sql, seconds: number, limit: number): Promise<Instance[]> {
    const found = await rows<InstanceRecord>(
      sql,
      `SELECT ${instanceColumns('i')} FROM instances i
        WHERE i.vm_state = 'shelved' AND i.task_state IS NULL AND i.host IS NOT NULL
          AND (i.system_metadata ->> 'shelved_at')::timestamptz < now() - make_interval(secs => $1)
        ORDER BY i.system_metadata ->> 'shelved_at' LIMIT $2`,
      [seconds, limit],
    );
    return found.map(toInstance);
  }

  /**
   * One conditional change, with the states before it. `system_metadata` is merged key by key. An instance that leaves
   * its host leaves its place in a server group too.
   */
  async update(
    sql: Sql,
    uuid: string,
    updates: InstanceUpdates,
    guard: InstanceGuard = {},
    fault?: InstanceFault,
  ): Promise<InstanceChange> {
    const set = assignments(updates, fault, 6);
    const [row] = await rows<ChangeRow>(sql, changeStatement(set, updates.host === null), [
      uuid,
      guard.taskStates?.map((state) => state ?? '') ?? null,
      guard.vmStates ?? null,
      guard.host !== undefined,
      guard.host ?? null,
      ...set.values,
    ]);
    if (row === undefined) return { outcome: 'stale', vm_state: null, task_state: null, host: null };
    if (row.uuid === null)
      return { outcome: 'stale', vm_state: row.old_vm_state, task_state: row.old_task_state, host: row.old_host };
    return {
      outcome: 'updated',
      instance: toInstance(row as InstanceRecord),
      old_vm_state: row.old_vm_state,
      old_task_state: row.old_task_state,
    };
  }
}

// The row is locked first, so that the states before the change are those that it was really made from.
const changeStatement = (set: Assignments, leavesHost: boolean): string => `
  WITH old AS MATERIALIZED (
    SELECT uuid, vm_state, task_state, host FROM instances WHERE uuid = $1 FOR UPDATE
  ), changed AS (
    UPDATE instances i SET ${set.text}revision = i.revision + 1, updated_at = now()
      FROM old
     WHERE i.uuid = old.uuid
       AND ($2::text[] IS NULL OR coalesce(old.task_state, '') = ANY($2))
       AND ($3::text[] IS NULL OR old.vm_state = ANY($3))
       AND (NOT $4::boolean OR old.host IS NOT DISTINCT FROM $5::text)
    RETURNING ${instanceColumns('i')}
  )${leavesHost ? ', left_group AS (DELETE FROM group_placements g USING changed WHERE g.instance_uuid = changed.uuid)' : ''}
  SELECT old.vm_state AS old_vm_state, old.task_state AS old_task_state, old.host AS old_host, changed.*
    FROM old LEFT JOIN changed ON changed.uuid = old.uuid`;

const WITH_GUESTS_ON = `
  SELECT ${instanceColumns('i')} FROM instances i
   WHERE i.host = $1
      OR i.uuid IN (SELECT m.instance_uuid FROM migrations m
                     WHERE (m.source_compute = $1 OR m.dest_compute = $1) AND (m.status NOT IN (${FINAL}) OR m.status = 'error'))
   ORDER BY i.id`;
