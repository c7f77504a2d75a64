/**
 * The outbox of a database, for its migrations. Rows live for milliseconds: a relay sends and deletes them. `level` says
 * whose broker a message is for, the API level's or the cell's; `host` is null for a target without a host; `version` is the
 * message's; `available_at` moves when a row could not be sent.
 */
export const OUTBOX_TABLE_SQL = `
CREATE TABLE outbox (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id   uuid NOT NULL UNIQUE,
  level        text NOT NULL DEFAULT 'api',
  topic        text NOT NULL,
  host         text,
  method       text NOT NULL,
  version      text NOT NULL DEFAULT '1.0',
  args         jsonb NOT NULL,
  ctx          jsonb NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  attempts     int NOT NULL DEFAULT 0,
  available_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON outbox (available_at, id);
`;

/** The head of every INSERT into an outbox; a SELECT of these columns, in this order, follows. */
export const OUTBOX_INSERT = 'INSERT INTO outbox (message_id, level, topic, host, method, version, args, ctx)';

/** For so long a row belongs to its writer, which hands it to its relay (`OutboxRelay.send`); then it is any relay's. */
const LEASE_SECONDS = 5;

/** As `OUTBOX_INSERT`, with `OUTBOX_LEASE` as the last column: rows that the writer will hand over. */
export const OUTBOX_INSERT_LEASED =
  'INSERT INTO outbox (message_id, level, topic, host, method, version, args, ctx, available_at)';
export const OUTBOX_LEASE = `now() + interval '${LEASE_SECONDS} seconds'`;
