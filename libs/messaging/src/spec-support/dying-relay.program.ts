// Relays an outbox and dies by its own hand when the broker has confirmed a batch, before the rows are deleted.
// Arguments: amqp url, cell, postgres url.
import pg from 'pg';
import { createMessageBus } from '../bus/create-message-bus.js';
import { OutboxRelay } from '../outbox/outbox-relay.js';
import type { SqlExecutor } from '../outbox/sql-executor.js';

const [, , amqpUrl = '', cell = '', postgresUrl = ''] = process.argv;
const pool = new pg.Pool({ connectionString: postgresUrl, max: 2 });

async function transaction<T>(work: (sql: SqlExecutor) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } finally {
    client.release();
  }
}

const bus = createMessageBus({ url: amqpUrl, cell });
const castMany = bus.castMany.bind(bus);
bus.castMany = async (envelopes) => {
  await castMany(envelopes);
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
};

new OutboxRelay({ dataSource: { transaction, query: (sql, params) => pool.query(sql, params) }, bus, pollMs: 20 }).start();
