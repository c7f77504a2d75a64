import type { CastEnvelope } from '../port/message-bus.js';
import { portableCtx } from '../wire/ctx.codec.js';
import { FIRST_VERSION } from '../wire/version.js';
import { OUTBOX_INSERT } from './outbox-table.js';
import type { SqlExecutor } from './sql-executor.js';

// The order of the array is the order of the ids; a message that is there already is left as it is.
const INSERT = `
  ${OUTBOX_INSERT}
  SELECT message_id, level, topic, host, method, version, args::jsonb, ctx::jsonb
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
         WITH ORDINALITY AS cast_(message_id, level, topic, host, method, version, args, ctx, position)
   ORDER BY position
  ON CONFLICT (message_id) DO NOTHING`;

/**
 * Writes casts into the outbox, in one statement, as part of the caller's transaction: they are sent if and only if it
 * commits. Call the relay's `wake()` after the commit. `messageId` must be a uuid; enqueuing one twice is once.
 */
export async function enqueueCasts(sql: SqlExecutor, envelopes: readonly CastEnvelope[]): Promise<void> {
  if (envelopes.length === 0) return;
  const column = (pick: (envelope: CastEnvelope) => string | null): Array<string | null> => envelopes.map(pick);
  await sql.query(INSERT, [
    column(({ messageId }) => messageId),
    column(({ level }) => level ?? 'api'),
    column(({ target }) => target.topic),
    column(({ target }) => target.host ?? null),
    column(({ method }) => method),
    column(({ version }) => version ?? FIRST_VERSION),
    column(({ args }) => JSON.stringify(args ?? null)),
    column(({ ctx }) => JSON.stringify(portableCtx(ctx, false))),
  ]);
}

/** One cast; see `enqueueCasts`. */
export const enqueueCast = (sql: SqlExecutor, envelope: CastEnvelope): Promise<void> => enqueueCasts(sql, [envelope]);
