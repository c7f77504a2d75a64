import { randomUUID } from 'node:crypto';
import { apiMigrations, InstanceMappingRepository } from '@kilonova/api-db';
import { ComputeNodeRepository, cellMigrations, InstanceArchive, ServiceRepository } from '@kilonova/cell-db';
import { CELL0_UUID } from '@kilonova/cells';
import { migrate, rows, withDatabase } from '@kilonova/sql';
import { useDatabase } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as manage from './index.js';
import { nodeReport } from './spec-support/compute-node.js';

const api = useDatabase(apiMigrations());
const cellDatabase = useDatabase();
const otherDatabase = useDatabase(cellMigrations());
let context: manage.ManageContext;

beforeAll(() => {
  context = new manage.ManageContext(api.url);
});
afterAll(() => context.close());
beforeEach(async () => {
  await rows(await api.dataSource(), 'TRUNCATE cell_mappings, host_mappings, instance_mappings, request_specs CASCADE');
});

const createCell = async (name = 'cell1', url = cellDatabase.url): Promise<string> => {
  const created = await manage.createCell(context, { name, transport_url: `amqp://u:pw@h/${name}`, database_connection: url });
  expect(created.exitCode).toBe(0);
  return created.value ?? '';
};

describe('cells', () => {
  it('are created once each', async () => {
    await createCell();
    const same = { name: 'cell2', transport_url: 'amqp://h/2', database_connection: cellDatabase.url };
    expect((await manage.createCell(context, same)).exitCode).toBe(2);
    expect((await manage.createCell(context, { ...same, name: 'cell1', database_connection: otherDatabase.url })).exitCode).toBe(
      2,
    );
    expect((await manage.createCell(context, { ...same, transport_url: '' })).exitCode).toBe(1);
  });

  it('are listed with their passwords masked', async () => {
    await createCell();
    await manage.mapCell0(context, 'postgresql://u:topsecret@h/cell0');
    const { lines, value } = await manage.listCells(context);
    expect(lines.join('\n')).not.toMatch(/topsecret|:pw@/);
    expect(value.map((cell) => cell.name).sort()).toEqual(['cell0', 'cell1']);
    expect((await manage.listCells(context, true)).lines.join('\n')).toContain('topsecret');
  });

  it('have cell0 mapped once', async () => {
    expect(await manage.mapCell0(context)).toMatchObject({ exitCode: 0, value: CELL0_UUID });
    expect((await manage.mapCell0(context)).exitCode).toBe(0);
    expect(manage.besideApi('postgresql://u@h:1/api?x=1', 'cell0')).toBe('postgresql://u@h:1/api_cell0?x=1');
  });

  it('change as far as they may', async () => {
    const uuid = await createCell();
    await createCell('cell2', otherDatabase.url);
    await manage.mapCell0(context);
    const codes = await Promise.all([
      manage.updateCell(context, { cell_uuid: randomUUID(), name: 'x' }),
      manage.updateCell(context, { cell_uuid: uuid, database_connection: otherDatabase.url }),
      manage.updateCell(context, { cell_uuid: uuid, enable: true, disable: true }),
      manage.updateCell(context, { cell_uuid: CELL0_UUID, disable: true }),
      manage.updateCell(context, { cell_uuid: uuid, name: 'cell2' }),
    ]);
    expect(codes.map((result) => result.exitCode)).toEqual([1, 3, 4, 5, 2]);
    expect((await manage.updateCell(context, { cell_uuid: uuid, name: 'renamed', disable: true })).exitCode).toBe(0);
    expect((await manage.listCells(context)).value).toContainEqual(
      expect.objectContaining({ uuid, name: 'renamed', disabled: true }),
    );
  });

  it('are deleted only when nothing is left in them', async () => {
    const uuid = await createCell();
    const sql = await api.dataSource();
    const [cell] = await rows<{ id: number }>(sql, 'SELECT id FROM cell_mappings');
    expect((await manage.deleteCell(context, randomUUID())).exitCode).toBe(1);
    await rows(sql, `INSERT INTO host_mappings (cell_id, host) VALUES ($1, 'h1')`, [cell?.id]);
    expect((await manage.deleteCell(context, uuid)).exitCode).toBe(2);
    const instance = randomUUID();
    await rows(sql, `INSERT INTO instance_mappings (instance_uuid, cell_id, project_id, user_id) VALUES ($1, $2, 'p', 'u')`, [
      instance,
      cell?.id,
    ]);
    expect((await manage.deleteCell(context, uuid, true)).exitCode).toBe(3);
    await new InstanceMappingRepository().queueForDelete(sql, [instance]);
    await rows(sql, 'DELETE FROM host_mappings');
    expect((await manage.deleteCell(context, uuid)).exitCode).toBe(4);
    expect((await manage.deleteCell(context, uuid, true)).exitCode).toBe(0);
    expect(await rows(sql, 'SELECT 1 FROM instance_mappings')).toEqual([]);
  });
});

describe('databases', () => {
  it('are brought up to date, and a cell that cannot be is told', async () => {
    await createCell();
    expect(await manage.syncApiDb(context)).toMatchObject({ exitCode: 0, value: { applied: [] } });
    const first = await manage.syncCellDbs(context);
    expect(first).toMatchObject({
      exitCode: 0,
      value: [{ cell: 'cell1', report: { applied: expect.arrayContaining(['0001-create-cell-tables']) } }],
    });
    await manage.mapCell0(context, 'postgresql://nobody@127.0.0.1:1/none');
    expect(await manage.syncCellDbs(context)).toMatchObject({
      exitCode: 1,
      value: [{ cell: 'cell1' }, { cell: 'cell0', error: expect.any(String) }],
    });
  });
});

describe('hosts', () => {
  beforeEach(async () => {
    await migrate(cellDatabase.url, cellMigrations());
    for (const database of [cellDatabase, otherDatabase])
      await rows(
        await database.dataSource(),
        'TRUNCATE compute_nodes, mapped_hosts, services, instances, instances_archive CASCADE',
      );
  });

  it('are discovered once, and belong to one cell', async () => {
    const uuid = await createCell();
    await createCell('cell2', otherDatabase.url);
    const sql = await cellDatabase.dataSource();
    const nodes = new ComputeNodeRepository();
    await nodes.report(sql, 'h1', [nodeReport('h1')]);
    await nodes.report(sql, 'h2', [nodeReport('h2')]);
    expect(await manage.discoverHosts(context)).toMatchObject({ exitCode: 0, value: ['h1', 'h2'] });
    expect(await manage.discoverHosts(context)).toMatchObject({ exitCode: 0, value: [] });
    expect((await manage.discoverHosts(context, { strict: true })).exitCode).toBe(1);
    expect((await manage.discoverHosts(context, { cell_uuid: randomUUID() })).exitCode).toBe(1);
    await nodes.report(await otherDatabase.dataSource(), 'h1', [nodeReport('h1')]);
    expect((await manage.discoverHosts(context)).exitCode).toBe(2);
    expect((await manage.listHosts(context, uuid)).value.map((mapping) => mapping.host)).toEqual(['h1', 'h2']);
  });

  it('leave their cell when nothing is on them, and can be discovered again', async () => {
    const uuid = await createCell();
    const other = await createCell('cell2', otherDatabase.url);
    await new ComputeNodeRepository().report(await cellDatabase.dataSource(), 'h1', [nodeReport('h1')]);
    await manage.discoverHosts(context);
    expect((await manage.deleteHost(context, randomUUID(), 'h1')).exitCode).toBe(1);
    expect((await manage.deleteHost(context, uuid, 'h9')).exitCode).toBe(2);
    expect((await manage.deleteHost(context, other, 'h1')).exitCode).toBe(3);
    expect((await manage.deleteHost(context, uuid, 'h1')).exitCode).toBe(0);
    expect((await manage.discoverHosts(context)).value).toEqual(['h1']);
  });

  it('are listed with their state; a cell that is away is named', async () => {
    await createCell();
    await new ServiceRepository().report(await cellDatabase.dataSource(), {
      host: 'h1',
      binary: 'nova-compute',
      topic: 'compute',
      version: 1,
    });
    expect(await manage.hostList(context)).toMatchObject({
      exitCode: 0,
      value: [{ cell: 'cell1', host: 'h1', up: true, disabled: false }],
    });
    expect((await manage.hostList(context, 0)).value).toMatchObject([{ up: false }]);
    await createCell('cell2', withDatabase(otherDatabase.url, 'no_such_database'));
    expect(await manage.hostList(context)).toMatchObject({ exitCode: 1, value: [{ host: 'h1' }] });
  });
});

describe('deleted instances', () => {
  it('are purged from cells and forgotten by the API level', async () => {
    await migrate(cellDatabase.url, cellMigrations());
    await createCell();
    const sql = await cellDatabase.dataSource();
    const uuid = randomUUID();
    await rows(
      sql,
      `INSERT INTO instances (uuid, display_name, hostname, project_id, user_id, reservation_id, vm_state, flavor) VALUES ($1, 'a', 'a', 'p', 'u', 'r', 'active', '{}')`,
      [uuid],
    );
    await new InstanceArchive().move(sql, systemCtx(), uuid);
    const apiSql = await api.dataSource();
    await rows(
      apiSql,
      `INSERT INTO instance_mappings (instance_uuid, project_id, user_id, queued_for_delete) VALUES ($1, 'p', 'u', true)`,
      [uuid],
    );
    expect((await manage.purgeDeleted(context, {})).exitCode).toBe(1);
    expect((await manage.purgeDeleted(context, { before: new Date(Number.NaN) })).exitCode).toBe(2);
    expect((await manage.purgeDeleted(context, { before: new Date(0) })).exitCode).toBe(3);
    expect(await manage.purgeDeleted(context, { all: true })).toMatchObject({ exitCode: 0, value: 1 });
    expect(await rows(apiSql, 'SELECT 1 FROM instance_mappings')).toEqual([]);
  });
});

describe('volumes that a server has more than once', () => {
  it('are found, and one of each is kept', async () => {
    await createCell('cell1', otherDatabase.url);
    const sql = await otherDatabase.dataSource();
    const index = 'block_device_mappings_one_of_a_volume';
    await rows(sql, `DROP INDEX ${index}`);
    const [server, volume] = [randomUUID(), randomUUID()];
    await rows(
      sql,
      `INSERT INTO instances (uuid, display_name, hostname, project_id, user_id, reservation_id, vm_state, flavor)
       VALUES ($1, 'n', 'n', 'p', 'u', 'r-1', 'active', '{}')`,
      [server],
    );
    for (const attachment of [null, randomUUID()]) {
      await rows(
        sql,
        `INSERT INTO block_device_mappings (uuid, instance_uuid, source_type, destination_type, volume_id, attachment_id)
         VALUES ($1, $2, 'volume', 'volume', $3, $4)`,
        [randomUUID(), server, volume, attachment],
      );
    }
    const found = { cell: 'cell1', server, volume, count: 2 };
    expect(await manage.cleanVolumeMappings(context, {})).toMatchObject({ exitCode: 1, value: [found] });
    expect(await manage.cleanVolumeMappings(context, { remove: true })).toMatchObject({ exitCode: 0, value: [found] });
    expect(await manage.cleanVolumeMappings(context, {})).toMatchObject({ exitCode: 0, value: [] });
    const [left] = await rows<{ attachment_id: string | null }>(sql, 'SELECT attachment_id FROM block_device_mappings');
    expect(left?.attachment_id).not.toBeNull();
    await rows(
      sql,
      `CREATE UNIQUE INDEX ${index} ON block_device_mappings (instance_uuid, volume_id) WHERE volume_id IS NOT NULL`,
    );
  });
});
