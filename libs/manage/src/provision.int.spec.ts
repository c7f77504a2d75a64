import { randomUUID } from 'node:crypto';
import { apiMigrations } from '@kilonova/api-db';
import { ComputeNodeRepository, cellMigrations, InstanceArchive } from '@kilonova/cell-db';
import { CELL0_UUID } from '@kilonova/cells';
import { dropDatabase, rows, withDatabase } from '@kilonova/sql';
import { useDatabase } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as manage from './index.js';
import { nodeReport } from './spec-support/compute-node.js';

const api = useDatabase(apiMigrations());
const cellDatabase = useDatabase(cellMigrations());
const emptyDatabase = useDatabase();
let context: manage.ManageContext;

beforeAll(() => {
  context = new manage.ManageContext(api.url);
});
afterAll(async () => {
  await context.close();
  for (const name of ['cell0', 'cell1']) await dropDatabase(manage.besideApi(api.url, name));
});
beforeEach(async () => {
  await rows(await api.dataSource(), 'TRUNCATE cell_mappings, host_mappings, instance_mappings, request_specs CASCADE');
});

const wanted = (name: string, database_connection: string) => ({ name, transport_url: 'amqp://h/shared', database_connection });
const NEWEST = /^\d{4}-/;

describe('cells of a plan', () => {
  it('are mapped, keep their uuid when their URLs change, and may share a broker', async () => {
    const first = await manage.ensureCell(context, wanted('cell1', cellDatabase.url));
    await manage.ensureCell(context, wanted('cell2', emptyDatabase.url));
    await manage.ensureCell(context, wanted('cell0', withDatabase(api.url, 'some_cell0')));
    const again = await manage.ensureCell(context, { ...wanted('cell1', cellDatabase.url), transport_url: 'amqp://h/own' });
    expect(again.value).toBe(first.value);
    expect((await manage.listCells(context, true)).value).toMatchObject([
      { name: 'cell1', transport_url: 'amqp://h/own' },
      { name: 'cell2', transport_url: 'amqp://h/shared' },
      { name: 'cell0', uuid: CELL0_UUID, transport_url: 'none:///' },
    ]);
  });

  it("never take a database that is another cell's", async () => {
    await manage.ensureCell(context, wanted('cell1', cellDatabase.url));
    await expect(manage.ensureCell(context, wanted('cell2', cellDatabase.url))).rejects.toMatchObject({
      message: expect.stringContaining('unique'),
    });
  });
});

describe('versions', () => {
  it('are told for the API level and each cell; a cell that is away is told too', async () => {
    await manage.ensureCell(context, wanted('cell1', cellDatabase.url));
    await manage.ensureCell(context, wanted('cell2', emptyDatabase.url));
    expect(await manage.apiDbVersion(context)).toMatchObject({ exitCode: 0, value: expect.stringMatching(NEWEST) });
    const versions = await manage.cellDbVersions(context);
    expect(versions).toMatchObject({
      exitCode: 0,
      value: [
        { cell: 'cell1', version: expect.stringMatching(NEWEST) },
        { cell: 'cell2', version: undefined },
      ],
    });
    await manage.ensureCell(context, wanted('cell3', withDatabase(api.url, 'no_such_database')));
    expect(await manage.cellDbVersions(context)).toMatchObject({
      exitCode: 1,
      value: [{ cell: 'cell1' }, {}, { cell: 'cell3', version: undefined }],
    });
  });

  it('of one cell come with its local sync', async () => {
    expect((await manage.syncLocalCell(cellDatabase.url)).value.applied).toEqual([]);
  });
});

describe('where an instance is', () => {
  const map = async (uuid: string, cell: string | null) =>
    rows(
      await api.dataSource(),
      `INSERT INTO instance_mappings (instance_uuid, cell_id, project_id, user_id) VALUES ($1, (SELECT id FROM cell_mappings WHERE name = $2), 'p', 'u')`,
      [uuid, cell],
    );
  const codeOf = async (uuid: string) => (await manage.verifyInstance(context, uuid)).exitCode;

  it('is told through all of its life', async () => {
    await manage.ensureCell(context, wanted('cell1', cellDatabase.url));
    const sql = await cellDatabase.dataSource();
    const uuid = randomUUID();
    expect(await codeOf(uuid)).toBe(1);
    await map(uuid, null);
    expect(await codeOf(uuid)).toBe(2);
    await rows(await api.dataSource(), 'DELETE FROM instance_mappings');
    await map(uuid, 'cell1');
    await rows(
      sql,
      `INSERT INTO instances (uuid, display_name, hostname, project_id, user_id, reservation_id, vm_state, flavor) VALUES ($1, 'a', 'a', 'p', 'u', 'r', 'active', '{}')`,
      [uuid],
    );
    expect(await manage.verifyInstance(context, uuid)).toMatchObject({ exitCode: 0, value: { name: 'cell1' } });
    const archive = new InstanceArchive();
    await archive.move(sql, systemCtx(), uuid);
    expect(await codeOf(uuid)).toBe(3);
    await archive.purge(sql, new Date(Date.now() + 60_000), 10);
    expect(await codeOf(uuid)).toBe(4);
  });
});

describe('the simple setup', () => {
  it('wants a transport URL, makes databases, and is done when a host is mapped', async () => {
    expect((await manage.simpleCellSetup(context, { transport_url: '' })).exitCode).toBe(1);
    const given = { transport_url: 'amqp://h/1' };
    expect((await manage.simpleCellSetup(context, given)).exitCode).toBe(1);
    const cell1 = manage.besideApi(api.url, 'cell1');
    expect((await manage.listCells(context, true)).value).toMatchObject([
      { name: 'cell0' },
      { name: 'cell1', database_connection: cell1 },
    ]);
    await new ComputeNodeRepository().report(await context.cell({ database_connection: cell1 }), 'h1', [nodeReport('h1')]);
    expect((await manage.simpleCellSetup(context, given)).exitCode).toBe(0);
    expect((await manage.listHosts(context)).value.map((mapping) => mapping.host)).toEqual(['h1']);
    expect((await manage.simpleCellSetup(context, given)).exitCode).toBe(0);
  });
});
