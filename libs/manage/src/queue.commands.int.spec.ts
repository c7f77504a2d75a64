import { apiMigrations } from '@kilonova/api-db';
import { cellMigrations } from '@kilonova/cell-db';
import { rows } from '@kilonova/sql';
import { RawClient, useBroker, useDatabase } from '@kilonova/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as manage from './index.js';

const api = useDatabase(apiMigrations());
const cell = useDatabase(cellMigrations());
const broker = useBroker();
let context: manage.ManageContext;
beforeAll(() => {
  context = new manage.ManageContext(api.url);
});
afterAll(() => context.close());

const ensure = (name: string, transport_url: string) =>
  manage.ensureCell(context, { name, transport_url, database_connection: `${cell.url}?name=${name}` });

it('upgrade clean_queues: finds what earlier releases left for the hosts of a cell, and removes what is empty', async () => {
  await ensure('cell0', '');
  await ensure('cell1', broker.url);
  await ensure('inside', 'memory://m');
  const sql = await api.dataSource();
  await rows(sql, "INSERT INTO host_mappings (host, cell_id) SELECT 'h1', id FROM cell_mappings WHERE name = 'cell1'");
  const client = await RawClient.connect(broker.url, 'cell1');
  const channel = await client.channel();
  const [empty, full] = ['cell1.retry.1000', 'cell1.compute.h1.retry.5000'];
  for (const name of [empty, full]) await channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await client.cast(full, 'm', {}, {}, '');
  expect(await manage.cleanQueues(context)).toMatchObject({
    exitCode: 1,
    lines: [`${empty}: 0 messages, 0 consumers`, `${full}: 1 messages, 0 consumers`],
  });
  expect(await manage.cleanQueues(context, { remove: true })).toMatchObject({
    exitCode: 1,
    lines: [`${empty}: removed`, `${full}: 1 messages, 0 consumers`],
    value: [{ cell: 'cell1', removed: true }, { removed: false }],
  });
  await channel.purgeQueue(full);
  expect(await manage.cleanQueues(context, { remove: true })).toMatchObject({ exitCode: 0, lines: [`${full}: removed`] });
  expect(await manage.cleanQueues(context)).toMatchObject({ exitCode: 0, lines: ['There are no queues of earlier releases.'] });
  await client.close();
});

it('upgrade clean_queues: names the cells whose broker does not answer', async () => {
  await ensure('cell1', 'amqp://u:secret@127.0.0.1:1');
  const { exitCode, lines } = await manage.cleanQueues(context, { remove: true });
  expect([exitCode, lines]).toEqual([2, [expect.stringContaining('Cell cell1: ')]]);
  expect(lines.join()).not.toContain('secret');
});
