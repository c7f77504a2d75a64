import { randomUUID } from 'node:crypto';
import { type CastEnvelope, createBusServer, createMessageBus, enqueueCasts, OUTBOX_TABLE_SQL } from '@kilonova/messaging';
import { eventually, useBroker, useDatabase } from '@kilonova/testing';
import { type MessageLevel, systemCtx } from '@kilonova/util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cell } from './cell.js';
import { CELL0_UUID } from './cell-mapping.port.js';
import { CellRelays } from './cell-relays.js';
import { cellConnections } from './connections.js';

const broker = useBroker();
const database = useDatabase();
/** Longer than a test takes: what arrives was woken. */
const POLL_MS = 3_600_000;
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const envelope = (method: string, level: MessageLevel): CastEnvelope => ({
  messageId: randomUUID(),
  target: { topic: 'conductor' },
  method,
  args: {},
  ctx: systemCtx(),
  level,
});

describe('relays of a cell', () => {
  const arrived: Array<readonly [at: string, method: string]> = [];
  const closers: Array<() => Promise<void>> = [];
  let suffix: string;

  const levelName = (level: MessageLevel) => `${level}${suffix}`;

  async function serve(level: MessageLevel): Promise<void> {
    const server = createBusServer(
      { url: broker.url, cell: levelName(level), topic: 'conductor', prefetch: 1, log },
      async (method) => void arrived.push([level, method]),
    );
    closers.push(() => server.close());
    await server.start();
  }

  function cellHandle(uuid: string = randomUUID()): Cell {
    const mapping = {
      id: 1,
      uuid,
      name: levelName('cell'),
      transport_url: broker.url,
      database_connection: database.url,
      disabled: false,
    };
    const connections = cellConnections({ name: 'test', poolSize: 3, statementTimeoutMs: 5_000, bus: { log } });
    const cell = new Cell(mapping, connections, { deadlineMs: 10_000, breakerResetMs: 1_000 });
    closers.push(() => cell.close());
    return cell;
  }

  function relaysWithApi(): CellRelays {
    const apiBus = createMessageBus({ url: broker.url, cell: levelName('api'), log });
    closers.push(() => apiBus.close());
    const relays = new CellRelays({ pollMs: POLL_MS, log, apiBus });
    closers.push(() => relays.stop());
    return relays;
  }

  const enqueue = (cell: Cell, ...envelopes: CastEnvelope[]) =>
    cell.run((sql) => sql.transaction((tx) => enqueueCasts(tx, envelopes)));
  const left = (cell: Cell) => cell.run((sql) => sql.query('SELECT method FROM outbox'));

  beforeAll(async () => {
    await (await database.dataSource()).query(OUTBOX_TABLE_SQL);
  });
  beforeEach(async () => {
    suffix = randomUUID().slice(0, 8);
    arrived.length = 0;
    await (await database.dataSource()).query('DELETE FROM outbox');
    await serve('api');
    await serve('cell');
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  it('T4: send each row of one transaction to the broker of its level, and to no other', async () => {
    const cell = cellHandle();
    const relays = relaysWithApi();
    await relays.keep([cell]);
    await enqueue(cell, envelope('upwards', 'api'), envelope('inside', 'cell'));
    await eventually(async () => {
      relays.wake(cell);
      relays.wake(cell, 'api');
      expect(await left(cell)).toEqual([]);
    });
    await eventually(() =>
      expect([...arrived].sort()).toEqual([
        ['api', 'upwards'],
        ['cell', 'inside'],
      ]),
    );
  });

  it('leave rows of the API level where they are without its broker', async () => {
    const cell = cellHandle();
    const relays = new CellRelays({ pollMs: POLL_MS, log });
    closers.push(() => relays.stop());
    await enqueue(cell, envelope('upwards', 'api'), envelope('inside', 'cell'));
    await eventually(async () => {
      relays.wake(cell);
      expect(await left(cell)).toEqual([{ method: 'upwards' }]);
    });
    await eventually(() => expect(arrived).toEqual([['cell', 'inside']]));
  });

  it('send from cell0, which has no broker, what is for the API level', async () => {
    const cell0 = cellHandle(CELL0_UUID);
    const relays = relaysWithApi();
    await enqueue(cell0, envelope('upwards', 'api'));
    await eventually(async () => {
      relays.wake(cell0, 'api');
      expect(await left(cell0)).toEqual([]);
    });
    await eventually(() => expect(arrived).toEqual([['api', 'upwards']]));
  });
});
