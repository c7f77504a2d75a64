import type { CastEnvelope } from '../port/message-bus.js';
import { portableCtx } from '../wire/ctx.codec.js';
import { FIRST_VERSION } from '../wire/version.js';
import { OUTBOX_INSERT } from './outbox-table.js';
import type { SqlExecutor } from './sql-executor.js';

// The order of the array is the order of the ids; a message that is there already is left as it is.
const INSERT = `
  ${OUTBOX_INSERT}
  SELECT message_id, level, topic, host, method, version, coalesce(args, 'null'), ctx
    FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS e (cast_, position), jsonb_populate_record(NULL::outbox, cast_)
   ORDER BY position
  ON CONFLICT (message_id) DO NOTHING`;

/** A cast as a row of an outbox has it, for statements that take rows as JSON. */
export const outboxColumns = ({ messageId, level, target, method, version, args, ctx }: CastEnvelope) => ({
  message_id: messageId,
  level: level ?? 'api',
  topic: target.topic,
  host: target.host ?? null,
  method,
  version: version ?? FIRST_VERSION,
  args: args ?? null,
  ctx: portableCtx(ctx, false),
});

/**
 * Writes casts into the outbox, in one statement, as part of the caller's transaction: they are sent if and only if it
 * commits. Call the relay's `wake()` after the commit. `messageId` must be a uuid; enqueuing one twice is once.
 */
export async function enqueueCasts(sql: SqlExecutor, envelopes: readonly CastEnvelope[]): Promise<void> {
  if (envelopes.length === 0) return;
  await sql.query(INSERT, [JSON.stringify(envelopes.map(outboxColumns))]);
}

/** One cast; see `enqueueCasts`. */
export const enqueueCast = (sql: SqlExecutor, envelope: CastEnvelope): Promise<void> => enqueueCasts(sql, [envelope]);
