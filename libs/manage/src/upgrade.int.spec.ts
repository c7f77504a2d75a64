import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiMigrations } from '@kilonova/api-db';
import { ComputeNodeRepository, cellMigrations, ServiceRepository } from '@kilonova/cell-db';
import { rows, withDatabase } from '@kilonova/sql';
import { useDatabase } from '@kilonova/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as manage from './index.js';
import { nodeReport } from './spec-support/compute-node.js';

const api = useDatabase(apiMigrations());
const cell = useDatabase(cellMigrations());
const cell0 = useDatabase(cellMigrations());
const empty = useDatabase();
let context: manage.ManageContext;
let placement: Server;
let speaks = '1.39';

beforeAll(async () => {
  context = new manage.ManageContext(api.url);
  placement = createServer((_request, reply) => reply.end(JSON.stringify({ versions: [{ max_version: speaks }] })));
  await new Promise<void>((listening) => placement.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
  await new Promise((closed) => placement.close(closed));
  await context.close();
});
beforeEach(async () => {
  speaks = '1.39';
  await rows(await api.dataSource(), 'TRUNCATE cell_mappings CASCADE');
  await rows(await cell.dataSource(), 'TRUNCATE services, compute_nodes');
  await ensure('cell0', cell0.url);
  await ensure('cell1', cell.url);
});

const ensure = (name: string, database_connection: string) =>
  manage.ensureCell(context, { name, transport_url: 'amqp://h/shared', database_connection });
const check = async (url: string | undefined = `http://127.0.0.1:${(placement.address() as AddressInfo).port}`) => {
  const { exitCode, value } = await manage.checkUpgrade(context, url);
  return [exitCode, Object.fromEntries(value.filter(({ result }) => result !== 'success').map((one) => [one.name, one.details]))];
};

describe('upgrade check', () => {
  it('finds nothing where all is well', async () => expect(await check()).toEqual([0, {}]));

  it('fails for a placement that is too old, or away', async () => {
    speaks = '1.35';
    expect(await check()).toEqual([2, { 'Placement API': 'It speaks 1.35 at most; 1.36 is needed.' }]);
    expect(await check('http://127.0.0.1:1')).toEqual([2, { 'Placement API': expect.stringContaining('does not answer') }]);
  });

  it('warns of what it cannot find out', async () => {
    const { exitCode, value } = await manage.checkUpgrade(context, undefined);
    expect([exitCode, value.find(({ name }) => name === 'Placement API')?.result]).toEqual([1, 'warning']);
    await ensure('cell2', withDatabase(api.url, 'no_such_database'));
    expect(await check()).toEqual([
      2,
      { Cells: expect.stringContaining('1 of 2 do not answer'), 'Database Schemas': expect.stringContaining('cell2') },
    ]);
  });

  it('fails without cells, and for databases without the newest schema', async () => {
    await ensure('cell2', empty.url);
    expect(await check()).toMatchObject([2, { 'Database Schemas': 'cell2: not the newest. Run "manage db sync".' }]);
    await rows(await api.dataSource(), 'TRUNCATE cell_mappings CASCADE');
    expect(await check()).toMatchObject([2, { 'Cell Mappings': expect.stringContaining('cell0 is not mapped') }]);
  });

  it('fails for services that are too old, and warns of nodes that are not mapped', async () => {
    const sql = await cell.dataSource();
    await new ComputeNodeRepository().report(sql, 'h1', [nodeReport('h1')]);
    expect(await check()).toEqual([1, { 'Host Mappings': '1 nodes are not mapped. Run "manage cell_v2 discover_hosts".' }]);
    await new ServiceRepository().report(sql, { host: 'h1', binary: 'nova-compute', topic: 'compute', version: 0 });
    expect(await check()).toMatchObject([2, { 'Service Versions': 'Too old: nova-compute on h1.' }]);
  });
});
