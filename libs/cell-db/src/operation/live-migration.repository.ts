import { messages } from '@kilonova/compute-objects';
import { OUTBOX_INSERT, portableCtx } from '@kilonova/messaging';
import { rows, type Sql } from '@kilonova/sql';
import type { Ctx } from '@kilonova/util';
import { sendReschedules } from './operation.statements.js';

/** What is asked of a live migration that is under way. */
export type Steering = 'abort' | 'force-complete';

/** What clients may ask of live migrations while they are under way. */
export class LiveMigrationRepository {
  /**
   * Marks a migration as cancelled and tells the agent that works on it; one that waits for its turn is left to the cell's
   * conductor, which winds it up. `from`: the statuses in which that may be. False: it is in none of them any more.
   */
  async abort(sql: Sql, ctx: Ctx, migrationUuid: string, from: readonly string[]): Promise<boolean> {
    const told = messages.liveMigrationAbort;
    const found = await rows(sql, ABORT, [
      migrationUuid,
      from,
      FAULT,
      told.name,
      told.version,
      JSON.stringify(portableCtx(ctx, false)),
    ]);
    return found.length > 0;
  }

  /** Tells the agent of the source to bring a running migration to its end. False: it does not run (any more). */
  async forceComplete(sql: Sql, ctx: Ctx, migrationUuid: string): Promise<boolean> {
    const told = messages.liveMigrationForceComplete;
    const found = await rows(sql, FORCE, [migrationUuid, told.name, told.version, JSON.stringify(portableCtx(ctx, false))]);
    return found.length > 0;
  }
}

/** Never shown: a cancelled migration leaves its server without a fault. */
const FAULT = JSON.stringify({
  code: 400,
  message: 'The live migration was cancelled.',
  details: '',
  host: null,
  created_at: '1970-01-01T00:00:00Z',
});

const TICKET = `jsonb_build_object('operation_uuid', uuid, 'instance_uuid', instance_uuid)`;

const MINE = (statuses: string): string => `
  moving AS MATERIALIZED (
    SELECT o.instance_uuid FROM migrations g JOIN operations o ON o.migration_uuid = g.uuid
     WHERE g.uuid = $1 AND g.status = ANY(${statuses}) AND o.name = 'liveMigration' FOR UPDATE OF o, g
  )`;

/** $2 statuses, $3 fault, $4 and $5 message, $6 context. */
const ABORT = `
  WITH ${MINE('$2::text[]')}, operation AS (
    UPDATE operations o
       SET arguments = o.arguments || '{"cancelled": true}', state = CASE o.state WHEN 'queued' THEN 'failed' ELSE o.state END,
           fault = CASE o.state WHEN 'queued' THEN $3::jsonb ELSE o.fault END,
           changed_at = CASE o.state WHEN 'queued' THEN now() ELSE o.changed_at END
      FROM moving WHERE o.instance_uuid = moving.instance_uuid
    RETURNING o.*
  ), waiting AS (SELECT * FROM operation WHERE state = 'failed'), wound_up AS (${sendReschedules('waiting')}), told AS (
    ${OUTBOX_INSERT}
    SELECT gen_random_uuid(), 'cell', 'compute', host, $4, $5, ${TICKET}, $6::jsonb FROM operation WHERE state IN ('sent', 'taken')
  )
  SELECT uuid FROM operation`;

/** $2 and $3 message, $4 context. */
const FORCE = `
  WITH ${MINE(`'{running}'::text[]`)}, told AS (
    ${OUTBOX_INSERT}
    SELECT gen_random_uuid(), 'cell', 'compute', o.host, $2, $3, jsonb_build_object('operation_uuid', o.uuid, 'instance_uuid', o.instance_uuid), $4::jsonb
      FROM operations o JOIN moving ON moving.instance_uuid = o.instance_uuid WHERE o.step = 'live_migration'
    RETURNING message_id
  )
  SELECT message_id FROM told`;
