import { eventually } from '@kilonova/testing';
import { AppError } from '@kilonova/util';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CellConnections } from './cell.js';
import { CELL0_UUID, type CellMapping, CellMappingSource } from './cell-mapping.port.js';
import { MappedCellRegistry } from './cell-registry.js';

const mapping = (id: number, given: Partial<CellMapping> = {}): CellMapping => ({
  id,
  uuid: `00000000-0000-4000-8000-00000000000${id}`,
  name: `cell${id}`,
  transport_url: `memory://${id}`,
  database_connection: `db${id}`,
  disabled: false,
  ...given,
});

class Source extends CellMappingSource {
  mappings: CellMapping[] = [mapping(2), mapping(1), mapping(9, { uuid: CELL0_UUID, name: 'cell0' })];
  failure: Error | undefined;
  reads = 0;
  async list(): Promise<readonly CellMapping[]> {
    this.reads++;
    if (this.failure !== undefined) throw this.failure;
    return this.mappings;
  }
}

const opened: string[] = [];
const closed: string[] = [];
/** Databases that never let anybody connect, and those that take a query and say nothing. */
const hanging = new Set<string>();
const silent = new Set<string>();
const connections: CellConnections = {
  openDatabase: async ({ database_connection: url }) => {
    opened.push(url);
    if (hanging.has(url)) await new Promise(() => undefined);
    const query = async (): Promise<unknown> => (silent.has(url) ? new Promise(() => undefined) : [{ one: 1 }]);
    return { url, query, destroy: async () => void closed.push(url) } as unknown as DataSource;
  },
  openBus: () => ({ close: async () => undefined }) as never,
};

let source: Source;
let registry: MappedCellRegistry;
let clock = 0;
beforeEach(() => {
  source = new Source();
  clock = 0;
  registry = new MappedCellRegistry(
    source,
    connections,
    { refreshMs: 1000, deadlineMs: 50, breakerResetMs: 60_000 },
    () => clock,
  );
  for (const list of [opened, closed]) list.length = 0;
  hanging.clear();
  silent.clear();
});
afterEach(() => registry.close());

describe('the list of cells', () => {
  it('has cell0 first and is read again when it is old', async () => {
    expect((await registry.list()).map((cell) => cell.name)).toEqual(['cell0', 'cell1', 'cell2']);
    await registry.list();
    expect(source.reads).toBe(1);
    clock = 1000;
    await registry.list();
    expect(source.reads).toBe(2);
  });

  it('is read again for an unknown uuid', async () => {
    await registry.list();
    source.mappings.push(mapping(3));
    expect((await registry.find(mapping(3).uuid))?.name).toBe('cell3');
    expect(await registry.findById(77)).toBeUndefined();
  });

  it('goes on being used while the API database is away, but does not begin without it', async () => {
    source.failure = new Error('away');
    await expect(registry.list()).rejects.toThrow('away');
    source.failure = undefined;
    await registry.list();
    source.failure = new Error('away');
    clock = 1000;
    expect(await registry.list()).toHaveLength(3);
  });

  it('keeps handles, and replaces those whose mapping changed', async () => {
    const before = await registry.find(mapping(1).uuid);
    await before?.run(async () => 1);
    source.mappings = [mapping(1, { disabled: true }), mapping(2)];
    await registry.refresh();
    const after = await registry.find(mapping(1).uuid);
    expect(after).not.toBe(before);
    expect(after?.disabled).toBe(true);
    expect(closed).toEqual(['db1']);
  });
});

describe('asking cells', () => {
  it('connects to none before it is asked, and to each once', async () => {
    const cells = await registry.list();
    expect(opened).toEqual([]);
    await Promise.all(cells.flatMap((cell) => [cell.run(async () => 1), cell.run(async () => 2)]));
    expect(opened.sort()).toEqual(['db1', 'db2', 'db9']);
  });

  it('side by side: a cell that hangs or fails keeps nobody waiting', async () => {
    hanging.add('db2');
    const answers = await registry.scatter(async (_sql, cell) => {
      if (cell.isCell0) throw new AppError({ kind: 'conflict', code: 'x.y', message: 'no' });
      return cell.name;
    });
    expect(answers.map((answer) => [answer.cell.name, answer.outcome])).toEqual([
      ['cell0', 'error'],
      ['cell1', 'value'],
      ['cell2', 'timeout'],
    ]);
  });

  it('stops for a cell that is down, and only for that', async () => {
    hanging.add('db2');
    const [, one, two] = await registry.list();
    const ask = () => two?.run(async () => 1, 1).catch((error: AppError) => error.code);
    expect(await ask()).toBe('cell.database.timeout');
    expect(await ask()).toBe('cell.database.breaker_open');
    expect(two?.isDown).toBe(true);
    expect(await one?.run(async () => 'fine')).toBe('fine');
  });

  it('stops at the second request while its database is silent, and goes on by itself when it speaks again', async () => {
    registry = new MappedCellRegistry(source, connections, { refreshMs: 1000, deadlineMs: 50, breakerResetMs: 20 }, () => clock);
    const cell = await registry.find(mapping(1).uuid);
    let tried = 0;
    const ask = async () => {
      const query = (sql: DataSource) => {
        tried++;
        return sql.query('SELECT uuid FROM instances');
      };
      return cell?.run(query).then(
        () => 'fine',
        (error: AppError) => error.code,
      );
    };
    expect(await ask()).toBe('fine');
    silent.add('db1');
    expect([await ask(), await ask(), await ask()]).toEqual([
      'cell.database.timeout',
      'cell.database.breaker_open',
      'cell.database.breaker_open',
    ]);
    silent.clear();
    await eventually(() => expect(cell?.isDown).toBe(false));
    expect([await ask(), tried]).toEqual(['fine', 3]);
  });

  it('goes on after statements that were slow, while the database answers others', async () => {
    const [, one] = await registry.list();
    const slow = () => one?.run(() => new Promise(() => undefined), 1).catch((error: AppError) => error.code);
    for (let count = 0; count < 12; count++) expect(await slow()).toBe('cell.database.timeout');
    expect(await one?.run(async () => 'fine')).toBe('fine');
  });

  it('H1: goes on after statements that the database ended, however many', async () => {
    const [, one] = await registry.list();
    const ended = new AppError({
      kind: 'dependency',
      code: 'sql.database.timeout',
      message: 'The database did not answer in time.',
    });
    for (let count = 0; count < 12; count++)
      await expect(one?.run(() => Promise.reject(ended))).rejects.toMatchObject({ code: 'cell.database.unavailable' });
    expect(await one?.run(async () => 'fine')).toBe('fine');
  });

  it('goes on after statements that were wrong: those are not the cell’s fault', async () => {
    const [, one] = await registry.list();
    for (let count = 0; count < 10; count++)
      await expect(one?.run(async () => Promise.reject(new TypeError('wrong')))).rejects.toThrow('wrong');
    expect(one?.isDown).toBe(false);
  });

  it('finds no broker in cell0', async () => {
    const cell0 = await registry.cell0();
    expect(() => cell0.bus).toThrow(expect.objectContaining({ code: 'cell.bus.cell0' }));
  });
});
