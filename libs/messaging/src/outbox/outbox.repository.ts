import type { Ctx, MessageLevel } from '@kilonova/util';
import type { CastEnvelope } from '../port/message-bus.js';
import type { ServiceTopic } from '../port/target.js';
import { rowsOf, type SqlExecutor } from './sql-executor.js';

interface OutboxRow {
  readonly id: string;
  readonly message_id: string;
  readonly topic: ServiceTopic;
  readonly host: string | null;
  readonly method: string;
  readonly version: string;
  readonly args: unknown;
  readonly ctx: Ctx;
  readonly attempts: number;
}

/** A cast that is waiting, and how often it was tried. */
export interface OutboxEntry {
  readonly id: string;
  readonly attempts: number;
  readonly envelope: CastEnvelope;
}

export interface OutboxStats {
  readonly pending: number;
  /** Of the oldest row, seconds; 0 when there is none. */
  readonly oldestSeconds: number;
}

// Locked rows are another relay's: several work side by side without waiting for each other.
const TAKE = `
  SELECT id, message_id, topic, host, method, version, args, ctx, attempts FROM outbox
   WHERE available_at <= now() AND ($2::text IS NULL OR level = $2) ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`;
const DELETE = 'DELETE FROM outbox WHERE id = ANY($1::bigint[])';
// The first rows of an index, however many there are.
const STATS = `
  SELECT (SELECT count(*)::int FROM (SELECT 1 FROM outbox LIMIT 10000) AS first_rows) AS pending,
         coalesce((SELECT extract(epoch FROM now() - created_at) FROM outbox ORDER BY id LIMIT 1), 0)::float8 AS oldest`;
// Full jitter between 0 and the doubled pause.
const POSTPONE = `
  UPDATE outbox
     SET attempts = attempts + 1,
         available_at = clock_timestamp() + random() * least($2::float8, $3::float8 * 2 ^ least(attempts, 20)) * interval '1 millisecond'
   WHERE id = ANY($1::bigint[])`;

/** The statements of the outbox; each runs in the transaction that it is given. */
export const outbox = {
  async take(sql: SqlExecutor, limit: number, level?: MessageLevel): Promise<readonly OutboxEntry[]> {
    return rowsOf<OutboxRow>(await sql.query(TAKE, [limit, level ?? null])).map(toEntry);
  },

  async remove(sql: SqlExecutor, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await sql.query(DELETE, [ids]);
  },

  /** Puts rows off by a pause that doubles from `baseMs` up to `capMs`. */
  async postpone(sql: SqlExecutor, ids: readonly string[], baseMs: number, capMs: number): Promise<void> {
    if (ids.length > 0) await sql.query(POSTPONE, [ids, capMs, baseMs]);
  },

  async stats(sql: SqlExecutor): Promise<OutboxStats> {
    const [row] = rowsOf<{ pending: number; oldest: number }>(await sql.query(STATS));
    return { pending: row?.pending ?? 0, oldestSeconds: row?.oldest ?? 0 };
  },
};

function toEntry(row: OutboxRow): OutboxEntry {
  const target = row.host === null ? { topic: row.topic } : { topic: row.topic, host: row.host };
  return {
    id: row.id,
    attempts: row.attempts,
    envelope: { messageId: row.message_id, target, method: row.method, version: row.version, args: row.args, ctx: row.ctx },
  };
}
