import { eventually, TcpProxy, useDatabase } from '@kilonova/testing';
import { AppError } from '@kilonova/util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cell } from './cell.js';
import { cellConnections } from './connections.js';

const database = useDatabase();
/** Longer than a test may take: whoever waits for it fails the test. */
const DEADLINE_MS = 3_600_000;
const BRIEF_MS = 200;

let proxy: TcpProxy;
let cell: Cell;

beforeEach(async () => {
  proxy = await TcpProxy.inFrontOf(database.url);
  const mapping = {
    id: 1,
    uuid: '11111111-1111-4111-8111-111111111111',
    name: 'cell1',
    transport_url: 'none:///',
    database_connection: proxy.through(database.url),
    disabled: false,
  };
  const connections = cellConnections({ name: 'test', poolSize: 3, statementTimeoutMs: 2_000 });
  cell = new Cell(mapping, connections, { deadlineMs: DEADLINE_MS, breakerResetMs: 300 });
});
afterEach(async () => {
  proxy.heal();
  await cell.close();
  await proxy.close();
});

const ask = (deadlineMs?: number): Promise<unknown> =>
  cell.run((sql) => sql.query('SELECT 7 AS seven'), deadlineMs).catch((error: unknown) => AppError.from(error).code);

describe('a cell whose database falls silent', () => {
  it('costs one caller the deadline, then nobody, and comes back by itself', async () => {
    expect(await ask()).toEqual([{ seven: 7 }]);
    proxy.blackhole();
    expect(await ask(BRIEF_MS)).toBe('cell.database.timeout');
    for (let count = 0; count < 5; count++) expect(await ask()).toBe('cell.database.breaker_open');
    proxy.heal();
    await eventually(() => expect(cell.isDown).toBe(false));
    expect(await ask()).toEqual([{ seven: 7 }]);
  });

  it('comes back on new connections when the old ones are gone', async () => {
    await ask();
    proxy.blackhole();
    await ask(BRIEF_MS);
    await eventually(() => expect(cell.isDown).toBe(true));
    proxy.cut();
    proxy.heal();
    await eventually(() => expect(cell.isDown).toBe(false));
    expect(await ask()).toEqual([{ seven: 7 }]);
  });
});
