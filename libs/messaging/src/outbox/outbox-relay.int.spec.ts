import { randomUUID } from 'node:crypto';
import { eventually, useBroker, useDatabase } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import type { DataSource } from 'typeorm';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBusServer } from '../bus/create-bus-server.js';
import { createMessageBus } from '../bus/create-message-bus.js';
import type { CastEnvelope, MessageBus } from '../port/message-bus.js';
import { quietLog } from '../spec-support/quiet-log.js';
import { enqueueCast, enqueueCasts } from './enqueue-casts.js';
import { OutboxRelay, type OutboxRelayOptions } from './outbox-relay.js';
import { OUTBOX_INSERT_LEASED, OUTBOX_LEASE, OUTBOX_TABLE_SQL } from './outbox-table.js';

const broker = useBroker();
const database = useDatabase();

const conductor = { topic: 'conductor' } as const;
const envelope = (args: unknown, more: Partial<CastEnvelope> = {}): CastEnvelope => ({
  messageId: randomUUID(),
  target: conductor,
  method: 'm',
  args,
  ctx: systemCtx(),
  ...more,
});

describe('the outbox', () => {
  let dataSource: DataSource;
  let cell: string;
  let bus: MessageBus;
  let handled: Array<{ messageId: string; args: unknown }>;
  const closers: Array<() => Promise<void>> = [];

  beforeAll(async () => {
    dataSource = await database.dataSource({ poolSize: 10 });
    await dataSource.query(OUTBOX_TABLE_SQL);
  });

  beforeEach(async () => {
    await dataSource.query('DELETE FROM outbox');
    cell = `o${randomUUID().slice(0, 8)}`;
    handled = [];
    bus = createMessageBus({ url: broker.url, cell, log: quietLog });
    closers.push(() => bus.close());
    const server = createBusServer(
      { url: broker.url, cell, topic: 'conductor', prefetch: 1, log: quietLog },
      async (_method, args, { messageId }) => {
        handled.push({ messageId, args });
      },
    );
    closers.push(() => server.close());
    await server.start();
  });

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  function relayOf(options: Partial<OutboxRelayOptions> = {}): OutboxRelay {
    const relay = new OutboxRelay({ dataSource, bus, log: quietLog, ...options });
    closers.push(() => relay.stop());
    relay.start();
    return relay;
  }

  it('sends what a transaction enqueued, in order, and keeps nothing', async () => {
    const relay = relayOf({ pollMs: 60_000 });
    await dataSource.transaction((sql) =>
      enqueueCasts(
        sql,
        [1, 2, 3].map((n) => envelope(n)),
      ),
    );
    expect((await relay.stats()).pending).toBe(3);
    relay.wake();
    await eventually(() => expect(handled.map(({ args }) => args)).toEqual([1, 2, 3]));
    await eventually(async () => expect(await relay.stats()).toEqual({ pending: 0, oldestSeconds: 0 }));
  });

  it('sends nothing of a transaction that was rolled back', async () => {
    const relay = relayOf({ pollMs: 20 });
    const failed = dataSource.transaction(async (sql) => {
      await enqueueCast(sql, envelope('lost'));
      throw new Error('roll back');
    });
    await expect(failed).rejects.toThrow('roll back');
    await dataSource.transaction((sql) => enqueueCast(sql, envelope('kept')));
    relay.wake();
    await eventually(() => expect(handled.map(({ args }) => args)).toEqual(['kept']));
  });

  it('finds by itself what another process enqueued', async () => {
    relayOf({ pollMs: 20 });
    await enqueueCast(dataSource, envelope({ n: 1 }, { target: { topic: 'conductor' } }));
    await eventually(() => expect(handled).toHaveLength(1));
  });

  it('keeps message id, host, method, version, arguments and context, and no token', async () => {
    const sent: CastEnvelope[] = [];
    const capturing = {
      health: () => ({ ready: true }),
      castMany: async (all: readonly CastEnvelope[]) => {
        sent.push(...all);
        return all.map(() => 'sent' as const);
      },
    };
    const ctx = { ...systemCtx('alice'), deadline: 1, token: 'secret' };
    const original = envelope({ list: [null, 'ü', 1.5] }, { target: { topic: 'compute', host: 'h1' }, version: '3.4', ctx });
    relayOf({ bus: capturing as unknown as MessageBus, pollMs: 20 });
    await enqueueCast(dataSource, original);
    await eventually(() => expect(sent).toHaveLength(1));
    const { traceparent: _, deadline: __, token: ___, ...expectedCtx } = ctx;
    expect(sent[0]).toMatchObject({
      messageId: original.messageId,
      target: original.target,
      method: 'm',
      version: '3.4',
      args: original.args,
      ctx: expectedCtx,
    });
    expect(sent[0]?.ctx).not.toHaveProperty('deadline');
    expect(JSON.stringify(sent[0])).not.toContain('secret');
  });

  it('enqueues one message id once', async () => {
    const one = envelope(1);
    await enqueueCast(dataSource, one);
    await enqueueCasts(dataSource, [one, envelope(2)]);
    relayOf({ pollMs: 20 });
    await eventually(() => expect(handled.map(({ args }) => args)).toEqual([1, 2]));
  });

  it('lets several relays share the work without sending anything twice', async () => {
    const all = Array.from({ length: 300 }, (_, n) => envelope(n));
    await enqueueCasts(dataSource, all);
    for (let n = 0; n < 3; n++) relayOf({ batchSize: 20, pollMs: 20 });
    await eventually(() => expect(new Set(handled.map(({ messageId }) => messageId)).size).toBe(300), { deadlineMs: 25_000 });
    expect(handled).toHaveLength(300);
  });

  it('puts off what the broker does not take, and sends it later', async () => {
    let broken = true;
    const flaky = {
      health: () => ({ ready: true }),
      castMany: async (all: readonly CastEnvelope[]) => (broken ? all.map(() => 'unavailable' as const) : bus.castMany(all)),
    };
    const batches: Array<{ sent: number; postponed: number }> = [];
    await enqueueCast(dataSource, envelope('patient'));
    const [first] = await dataSource.query<unknown[]>('SELECT * FROM outbox');
    const relay = relayOf({ bus: flaky as unknown as MessageBus, pollMs: 20, observe: (batch) => batches.push(batch) });
    await eventually(() => expect(batches[0]).toEqual({ sent: 0, postponed: 1 }));
    expect((await relay.stats()).pending).toBe(1);
    const [row] = await dataSource.query<Array<{ attempts: number }>>('SELECT * FROM outbox');
    expect(row?.attempts).toBeGreaterThan(0);
    const { attempts: _, available_at: __, ...kept } = first as Record<string, unknown>;
    expect(row).toMatchObject(kept);
    broken = false;
    await eventually(() => expect(handled).toHaveLength(1));
  });

  describe('that was handed over', () => {
    /** Commits casts under a lease, as their writers do. */
    const leased = (args: readonly unknown[]) =>
      Promise.all(
        args.map(async (arg) => {
          const cast = envelope(arg);
          const [row] = await dataSource.query<Array<{ id: string }>>(
            `${OUTBOX_INSERT_LEASED} SELECT $1, 'api', 'conductor', NULL, 'm', '1.0', $2, $3, ${OUTBOX_LEASE} RETURNING id`,
            [cast.messageId, JSON.stringify(arg), JSON.stringify(cast.ctx)],
          );
          return { id: row?.id ?? '', envelope: cast };
        }),
      );
    const ends = () => dataSource.query('UPDATE outbox SET available_at = now()');
    const seen = () => handled.map(({ args }) => args).sort();

    it('is sent at once, and forgotten', async () => {
      const relay = relayOf({ pollMs: 60_000 });
      await relay.send(await leased([1, 2, 3]));
      await eventually(() => expect(seen()).toEqual([1, 2, 3]));
      await eventually(async () => expect((await relay.stats()).pending).toBe(0));
    });

    it('is left alone by other relays until its lease ends, and then sent by any of them', async () => {
      relayOf({ pollMs: 20 });
      await leased([1]);
      await enqueueCast(dataSource, envelope(2));
      await eventually(() => expect(seen()).toEqual([2]));
      await eventually(async () => expect(await dataSource.query('SELECT args FROM outbox')).toEqual([{ args: 1 }]));
      await ends();
      await eventually(() => expect(seen()).toEqual([1, 2]));
    });

    it.each(['unavailable', 'unroutable'] as const)('stays when it is %s, and goes when its lease ends', async (result) => {
      const refusing = { health: () => ({ ready: true }), castMany: async () => [result] } as unknown as MessageBus;
      await relayOf({ bus: refusing, pollMs: 60_000 }).send(await leased([1]));
      relayOf({ pollMs: 20 });
      await ends();
      await eventually(() => expect(seen()).toEqual([1]));
    });

    it('is not even tried while the broker is away, and waits for its lease when it comes too thick', async () => {
      const castMany = vi.fn(async (all: readonly CastEnvelope[]) => all.map(() => 'sent' as const));
      const away = { health: () => ({ ready: false }), castMany } as unknown as MessageBus;
      const casts = await leased([1]);
      await relayOf({ bus: away, pollMs: 60_000 }).send(casts);
      const there = { health: () => ({ ready: true }), castMany } as unknown as MessageBus;
      await relayOf({ bus: there, pollMs: 60_000 }).send(Array.from({ length: 2_001 }, () => casts).flat());
      expect(castMany).not.toHaveBeenCalled();
      expect(await dataSource.query('SELECT args FROM outbox')).toEqual([{ args: 1 }]);
    });

    it('is deleted in the end although the database fails the first deletes', async () => {
      let failures = 0;
      const query = async (text: string, parameters?: unknown[]) => {
        if (text.startsWith('DELETE') && failures++ < 2) throw new Error('connection lost');
        return dataSource.query(text, parameters);
      };
      const transaction = dataSource.transaction.bind(dataSource) as OutboxRelayOptions['dataSource']['transaction'];
      const relay = relayOf({ dataSource: { query, transaction }, pollMs: 60_000 });
      await relay.send(await leased([1, 2]));
      await relay.stop();
      expect([failures, (await relay.stats()).pending]).toEqual([3, 0]);
    });
  });

  it('holds no row locked while the broker is away', async () => {
    const away = { health: () => ({ ready: false }), castMany: async () => [] };
    relayOf({ bus: away as unknown as MessageBus, pollMs: 20 });
    await enqueueCast(dataSource, envelope('waiting'));
    const [row] = await dataSource.query<unknown[]>('SELECT id FROM outbox FOR UPDATE NOWAIT');
    expect(row).toBeDefined();
  });

  it('goes on after the database failed it', async () => {
    let failures = 0;
    const shaky = {
      query: (sql: string, params?: unknown[]) => dataSource.query(sql, params),
      transaction: (async (work) => {
        if (failures++ < 2) throw new Error('connection lost');
        return dataSource.transaction(work);
      }) as OutboxRelayOptions['dataSource']['transaction'],
    };
    await enqueueCast(dataSource, envelope(1));
    relayOf({ dataSource: shaky, pollMs: 20 });
    await eventually(() => expect(handled).toHaveLength(1));
  });
});
