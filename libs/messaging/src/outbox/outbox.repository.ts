import type { Ctx, MessageLevel } from '@kilonova/util';
import type { CastEnvelope } from '../port/message-bus.js';
import type { ServiceTopic } from '../port/target.js';
import { rowsOf, type SqlExecutor } from './sql-executor.js';

/** A row as it is stored. */
export interface OutboxRow {
  readonly id: string;
  readonly message_id: string;
  readonly level: MessageLevel;
  readonly topic: ServiceTopic;
  readonly host: string | null;
  readonly method: string;
  readonly version: string;
  readonly args: unknown;
  readonly ctx: Ctx;
  /** As the server writes it: a Date would lose microseconds. */
  readonly created_at: string;
  readonly attempts: number;
}

/** A cast that was taken out, with its row. */
export interface OutboxEntry {
  readonly row: OutboxRow;
  readonly envelope: CastEnvelope;
}

export interface OutboxStats {
  readonly pending: number;
  /** Of the oldest row, seconds; 0 when there is none. */
  readonly oldestSeconds: number;
}

// Locked rows are another relay's: several work side by side without waiting for each other.
const TAKE = `
  WITH taken AS (
    DELETE FROM outbox WHERE id = ANY (ARRAY(
      SELECT id FROM outbox WHERE available_at <= now() AND ($2::text IS NULL OR level = $2)
       ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED))
    RETURNING id, message_id, level, topic, host, method, version, args, ctx, created_at::text, attempts
  )
  SELECT * FROM taken ORDER BY id`;
const DUE = 'SELECT EXISTS (SELECT FROM outbox WHERE available_at <= now() AND ($1::text IS NULL OR level = $1)) AS due';
// The first rows of an index, however many there are.
const STATS = `
  SELECT (SELECT count(*)::int FROM (SELECT 1 FROM outbox LIMIT 10000) AS first_rows) AS pending,
         coalesce((SELECT extract(epoch FROM now() - created_at) FROM outbox ORDER BY id LIMIT 1), 0)::float8 AS oldest`;
// Full jitter between 0 and the doubled pause.
const PUT_BACK = `
  INSERT INTO outbox (id, message_id, level, topic, host, method, version, args, ctx, created_at, attempts, available_at)
  OVERRIDING SYSTEM VALUE
  SELECT id, message_id, level, topic, host, method, version, args, ctx, created_at, attempts + 1,
         clock_timestamp() + random() * least($2::float8, $3::float8 * 2 ^ least(attempts, 20)) * interval '1 millisecond'
    FROM jsonb_populate_recordset(NULL::outbox, $1::jsonb)`;

/** The statements of the outbox; each runs in the transaction that it is given. */
export const outbox = {
  /** Whether there is anything to take: what a relay that nobody woke asks, without a transaction. */
  async isDue(sql: SqlExecutor, level?: MessageLevel): Promise<boolean> {
    return rowsOf<{ due: boolean }>(await sql.query(DUE, [level ?? null]))[0]?.due === true;
  },

  /** Takes the first rows out, in order. Until the transaction ends they are there for everybody else, and locked. */
  async take(sql: SqlExecutor, limit: number, level?: MessageLevel): Promise<readonly OutboxEntry[]> {
    return rowsOf<OutboxRow>(await sql.query(TAKE, [limit, level ?? null])).map((row) => ({ row, envelope: envelopeOf(row) }));
  },

  /** Puts rows back that could not be sent, to be tried after a pause that doubles from `baseMs` up to `capMs`. */
  async putBack(sql: SqlExecutor, entries: readonly OutboxEntry[], baseMs: number, capMs: number): Promise<void> {
    if (entries.length > 0) await sql.query(PUT_BACK, [JSON.stringify(entries.map(({ row }) => row)), capMs, baseMs]);
  },

  /** Forgets rows whose casts were sent. */
  async remove(sql: SqlExecutor, ids: readonly string[]): Promise<void> {
    await sql.query('DELETE FROM outbox WHERE id = ANY($1::bigint[])', [ids]);
  },

  async stats(sql: SqlExecutor): Promise<OutboxStats> {
    const [row] = rowsOf<{ pending: number; oldest: number }>(await sql.query(STATS));
    return { pending: row?.pending ?? 0, oldestSeconds: row?.oldest ?? 0 };
  },
};

/** The cast that a row holds. */
export function envelopeOf(row: Omit<OutboxRow, 'created_at' | 'attempts'>): CastEnvelope {
  const { message_id: messageId, topic, host, method, version, args, ctx } = row;
  return { messageId, target: host === null ? { topic } : { topic, host }, method, version, args, ctx };
}
