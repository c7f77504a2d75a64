import { CELL0_UUID } from '@kilonova/cells';
import type { BlockDevice, Instance, RequestSpec } from '@kilonova/compute-objects';
import { type CastEnvelope, type HandedCast, OUTBOX_INSERT_LEASED, OUTBOX_LEASE, outboxColumns } from '@kilonova/messaging';
import { prepared, rows, type Sql } from '@kilonova/sql';
import type { ServerUsage } from '../quota/quota-ledger.repository.js';

/** What the API stores when it accepts a server. */
export interface AcceptedBoot {
  readonly instance: Instance;
  readonly spec: RequestSpec;
  readonly admin_password: string | null;
  readonly request_id: string;
  /** Disks beside flavor and image; left out: none. */
  readonly block_devices?: readonly BlockDevice[];
}

/** What a project and one of its users may hold in all. */
export interface HoldingLimits {
  readonly project: ServerUsage;
  readonly user: ServerUsage;
}

/** Everything the API database knows of an instance that is to be scheduled. */
export interface BootRow {
  readonly uuid: string;
  readonly cell_id: number | null;
  readonly mapped: boolean;
  readonly queued_for_delete: boolean;
  readonly instance: Instance | null;
  readonly spec: RequestSpec | null;
  readonly admin_password: string | null;
  readonly block_devices: readonly BlockDevice[];
}

/** Who got an instance: this run, or whoever was quicker. */
export interface Settled {
  readonly uuid: string;
  /** This run removed the build request and set the cell. */
  readonly taken: boolean;
}

export interface OverdueBoot {
  readonly instance_uuid: string;
  readonly request_id: string;
  readonly user_id: string;
  readonly project_id: string;
}

/** A boot that its cell gave back; its request spec has stayed where it was. */
export type ReopenedBoot = Omit<AcceptedBoot, 'spec'>;

/** The boot's way through the API database: accepted, read by the conductor, settled in a cell. */
export class BootRepository {
  /** Stores specs, build requests, mappings and what quota each holds, of one POST: one statement however many servers it asks for. */
  async acceptMany(sql: Sql, boots: readonly AcceptedBoot[]): Promise<void> {
    await prepared(sql, ACCEPT, [JSON.stringify(boots)]);
  }

  /**
   * As `acceptMany`, with the message about them and the quota of their project and user, whom all of them have in common: one
   * statement, hence one round trip while the totals are locked. Answers the message, to be handed to a relay. Undefined, and
   * nothing is stored, when a limit stands in the way or nothing was ever counted for project or user.
   */
  async acceptWithin(
    sql: Sql,
    boots: readonly AcceptedBoot[],
    limits: HoldingLimits,
    message: CastEnvelope,
  ): Promise<HandedCast | undefined> {
    const { project_id: project, user_id: user } = boots[0]?.instance ?? {};
    const cast = JSON.stringify(outboxColumns(message));
    const bounds = [limits.project, limits.user].flatMap(({ instances, cores, ram }) => [instances, cores, ram]);
    const [sent] = await prepared<{ id: string }>(sql, ACCEPT_WITHIN, [JSON.stringify(boots), project, user, bounds, cast]);
    return sent && { id: sent.id, envelope: message };
  }

  /** All there is about the instances of one message, in its order. */
  async load(sql: Sql, uuids: readonly string[]): Promise<BootRow[]> {
    return prepared(sql, LOAD, [uuids]);
  }

  /**
   * Moves instances to a cell: the build request is removed and the mapping set, both or neither. What was given up by
   * its user, or settled by another run, is not taken.
   */
  async settle(sql: Sql, cellId: number, uuids: readonly string[]): Promise<Settled[]> {
    return prepared(sql, SETTLE, [uuids, cellId]);
  }

  /**
   * Makes build requests of instances again that cell `cellId` gave back: both or neither with the mapping, and nothing for
   * one that its user has deleted. Returns what is to be scheduled anew.
   */
  async reopen(sql: Sql, cellId: number, boots: readonly ReopenedBoot[]): Promise<OverdueBoot[]> {
    return rows(sql, REOPEN, [JSON.stringify(boots), cellId]);
  }

  /** Boots of which nothing has come for `seconds`; each is handed out once per such while. */
  async takeOverdue(sql: Sql, seconds: number, limit: number): Promise<OverdueBoot[]> {
    return rows(sql, OVERDUE, [seconds, limit]);
  }

  /**
   * Which consumers may rightly hold something of a node in cell `cellId`, without asking that cell: those with a build
   * request, and those whose instance is mapped to another cell; in cell0 nobody holds anything.
   */
  async holders(sql: Sql, uuids: readonly string[], cellId: number): Promise<Set<string>> {
    const found = await rows<{ uuid: string }>(
      sql,
      `SELECT instance_uuid AS uuid FROM build_requests WHERE instance_uuid = ANY($1::uuid[])
       UNION SELECT m.instance_uuid FROM instance_mappings m JOIN cell_mappings c ON c.id = m.cell_id
              WHERE m.instance_uuid = ANY($1::uuid[]) AND NOT m.queued_for_delete AND c.id <> $2 AND c.uuid <> $3`,
      [uuids, cellId, CELL0_UUID],
    );
    return new Set(found.map((row) => row.uuid));
  }
}

/** CTEs that store the boots of `$1` for which `condition` holds; `requested` has a row for each. */
const storeBoots = (condition: string): string => `
  boot AS MATERIALIZED (
    SELECT (instance ->> 'uuid')::uuid AS uuid, instance ->> 'project_id' AS project_id, instance ->> 'user_id' AS user_id,
           (instance #>> '{flavor,vcpus}')::int AS vcpus, (instance #>> '{flavor,memory_mb}')::int AS memory_mb, b.*
      FROM jsonb_to_recordset($1::jsonb) AS b (instance jsonb, spec jsonb, admin_password text, request_id text, block_devices jsonb)
     WHERE ${condition}
  ), spec AS (
    INSERT INTO request_specs (instance_uuid, spec) SELECT uuid, spec FROM boot
  ), mapping AS (
    INSERT INTO instance_mappings (instance_uuid, project_id, user_id) SELECT uuid, project_id, user_id FROM boot
  ), holding AS (
    INSERT INTO quota_holdings (instance_uuid, project_id, user_id, cores, ram)
    SELECT uuid, project_id, user_id, vcpus, memory_mb FROM boot
  ), requested AS (
    INSERT INTO build_requests (instance_uuid, project_id, user_id, instance, admin_password, vcpus, memory_mb, request_id,
                                block_device_mappings)
    SELECT uuid, project_id, user_id, instance, admin_password, vcpus, memory_mb, request_id, coalesce(block_devices, '[]') FROM boot
    RETURNING vcpus, memory_mb
  )`;

const ACCEPT = `WITH ${storeBoots('true')} SELECT`;

// The totals are locked first, in the order that everybody locks them; what was waited for is what is judged.
const ACCEPT_WITHIN = `
  WITH held AS MATERIALIZED (
    SELECT user_id, instances, cores, ram FROM quota_usages
     WHERE project_id = $2 AND user_id IN ('', $3::text) ORDER BY user_id FOR UPDATE
  ), wanted AS MATERIALIZED (
    SELECT count(*) AS instances, sum((b #>> '{instance,flavor,vcpus}')::int) AS cores,
           sum((b #>> '{instance,flavor,memory_mb}')::int)::bigint AS ram
      FROM jsonb_array_elements($1::jsonb) AS b
  ), fits AS MATERIALIZED (
    SELECT count(*) = 2 AND bool_and(held.instances + wanted.instances <= l[1] AND held.cores + wanted.cores <= l[2]
                                     AND held.ram + wanted.ram <= l[3]) AS ok
      FROM held, wanted, LATERAL (SELECT CASE held.user_id WHEN '' THEN ($4::bigint[])[1:3] ELSE ($4::bigint[])[4:6] END AS l) AS limits
  ), ${storeBoots('(SELECT ok FROM fits)')}, counted AS (
    UPDATE quota_usages q SET instances = q.instances + w.instances, cores = q.cores + w.cores, ram = q.ram + w.ram
      FROM held, wanted w, fits WHERE fits.ok AND q.project_id = $2 AND q.user_id = held.user_id
  )
  ${OUTBOX_INSERT_LEASED}
  SELECT m.message_id, m.level, m.topic, m.host, m.method, m.version, m.args, m.ctx, ${OUTBOX_LEASE}
    FROM fits, jsonb_populate_record(NULL::outbox, $5::jsonb) AS m WHERE fits.ok
  RETURNING id`;

const LOAD = `
  SELECT u.uuid, m.cell_id, m.instance_uuid IS NOT NULL AS mapped, coalesce(m.queued_for_delete, true) AS queued_for_delete,
         b.instance, s.spec, b.admin_password, coalesce(b.block_device_mappings, '[]') AS block_devices
    FROM unnest($1::uuid[]) WITH ORDINALITY AS u (uuid, position)
    LEFT JOIN instance_mappings m ON m.instance_uuid = u.uuid
    LEFT JOIN build_requests b ON b.instance_uuid = u.uuid
    LEFT JOIN request_specs s ON s.instance_uuid = u.uuid
   ORDER BY u.position`;

// Locked in one order, so that two runs over the same instances wait for, and do not block, each other.
const SETTLE = `
  WITH locked AS MATERIALIZED (
    SELECT instance_uuid FROM build_requests WHERE instance_uuid = ANY($1::uuid[]) ORDER BY instance_uuid FOR UPDATE
  ), taken AS (
    DELETE FROM build_requests b USING locked WHERE b.instance_uuid = locked.instance_uuid RETURNING b.instance_uuid
  ), mapped AS (
    UPDATE instance_mappings m SET cell_id = $2, updated_at = now()
      FROM taken WHERE m.instance_uuid = taken.instance_uuid AND NOT m.queued_for_delete
    RETURNING m.instance_uuid
  )
  SELECT u.uuid, mapped.instance_uuid IS NOT NULL AS taken
    FROM unnest($1::uuid[]) AS u (uuid) LEFT JOIN mapped ON mapped.instance_uuid = u.uuid`;

const OVERDUE = `
  WITH due AS MATERIALIZED (
    SELECT instance_uuid FROM build_requests
     WHERE coalesce(recast_at, created_at) < now() - make_interval(secs => $1)
     ORDER BY coalesce(recast_at, created_at) LIMIT $2 FOR UPDATE SKIP LOCKED
  )
  UPDATE build_requests b SET recast_at = now() FROM due WHERE b.instance_uuid = due.instance_uuid
  RETURNING b.instance_uuid, b.request_id, b.user_id, b.project_id`;

const REOPEN = `
  WITH boot AS MATERIALIZED (
    SELECT (instance ->> 'uuid')::uuid AS uuid, b.* FROM jsonb_to_recordset($1::jsonb) AS b (instance jsonb, admin_password text, request_id text, block_devices jsonb)
  ), freed AS (
    UPDATE instance_mappings m SET cell_id = NULL, updated_at = now()
      FROM boot WHERE m.instance_uuid = boot.uuid AND m.cell_id = $2 AND NOT m.queued_for_delete
    RETURNING m.instance_uuid
  )
  INSERT INTO build_requests (instance_uuid, project_id, user_id, instance, admin_password, vcpus, memory_mb, request_id,
                              block_device_mappings)
  SELECT uuid, instance ->> 'project_id', instance ->> 'user_id', instance, admin_password,
         (instance #>> '{flavor,vcpus}')::int, (instance #>> '{flavor,memory_mb}')::int, request_id, coalesce(block_devices, '[]')
    FROM boot JOIN freed ON freed.instance_uuid = boot.uuid
  ON CONFLICT (instance_uuid) DO NOTHING
  RETURNING instance_uuid, request_id, user_id, project_id`;
