import { randomUUID } from 'node:crypto';
import { eventually } from '@kilonova/testing';
import { AppError, conflict, forbidden, systemCtx } from '@kilonova/util';
import { expect, it } from 'vitest';
import { openDeadLetters } from '../dead-letters/open-dead-letters.js';
import { anyCast } from '../spec-support/any-message.js';
import type { BusBench } from '../spec-support/bus-bench.js';

const conductor = { topic: 'conductor' } as const;

/** Casts that fail: tried again, buried, replayed. */
export function failedCastsContract(bench: BusBench): void {
  it('tries a cast again after a failing dependency, counting the attempts', async () => {
    const attempts: number[] = [];
    await bench.serve(async (_method, _args, { attempt }) => {
      attempts.push(attempt);
      if (attempt < 3) throw new AppError({ kind: 'dependency', code: 'placement.unavailable', message: 'down' });
    });
    await bench.bus.cast(systemCtx(), anyCast('m'), conductor, {});
    await eventually(() => attempts.length === 3);
    expect(attempts).toEqual([1, 2, 3]);
  });

  it('buries a cast that failed for good, and replays it from there', async () => {
    const letters = openDeadLetters({ url: bench.url, cell: bench.cell });
    try {
      let broken = true;
      let handled = 0;
      await bench.serve(async () => {
        if (broken) throw conflict('compute.instance.gone', 'It is gone.');
        handled++;
      });
      await bench.bus.cast(systemCtx(), anyCast('m'), conductor, { id: 7 }, { messageId: 'grave' });
      await eventually(async () => (await letters.list('conductor')).length === 1);
      const letter = await letters.show('conductor', 'grave');
      expect(letter).toMatchObject({
        method: 'm',
        args: { id: 7 },
        attempt: 1,
        target: conductor,
        reason: { kind: 'conflict', code: 'compute.instance.gone', message: 'It is gone.' },
      });
      broken = false;
      expect(await letters.replay('conductor', ['other'])).toEqual({ sent: [], kept: [] });
      expect(await letters.replay('conductor', ['grave'])).toEqual({ sent: ['grave'], kept: [] });
      await eventually(() => handled === 1);
      expect(await letters.list('conductor')).toEqual([]);
    } finally {
      await letters.close();
    }
  });

  it('H8: sends again what a guard refused only when it is told to', async () => {
    const letters = openDeadLetters({ url: bench.url, cell: bench.cell });
    try {
      let runs = 0;
      await bench.serve(async () => {
        if (++runs === 1) throw forbidden('agent.sender.refused', 'no');
      });
      await bench.bus.cast(systemCtx(), anyCast('m'), conductor, {}, { messageId: 'no' });
      await eventually(async () => expect(await letters.list('conductor')).toHaveLength(1));
      const kept = [{ messageId: 'no', why: 'refused' }];
      expect(await letters.replay('conductor', ['no'])).toEqual({ sent: [], kept });
      expect(await letters.replay('conductor', 'all')).toEqual({ sent: [], kept });
      expect(await letters.replay('conductor', 'all', { force: true })).toEqual({ sent: ['no'], kept: [] });
      await eventually(() => expect(runs).toBe(2));
    } finally {
      await letters.close();
    }
  });

  it('keeps the version of a cast over retries, its grave and a replay', async () => {
    const letters = openDeadLetters({ url: bench.url, cell: bench.cell });
    try {
      const versions: string[] = [];
      let broken = true;
      await bench.serve(async (_method, _args, { version, attempt }) => {
        versions.push(version);
        if (attempt < 2) throw new AppError({ kind: 'dependency', code: 'db.down', message: 'down' });
        if (broken) throw conflict('x.y.z', 'no');
      });
      await bench.bus.cast(systemCtx(), { ...anyCast('m'), version: '1.7' }, conductor, {}, { messageId: 'versioned' });
      await eventually(async () => expect(await letters.list('conductor')).toHaveLength(1));
      broken = false;
      await letters.replay('conductor', 'all');
      await eventually(() => expect(versions).toEqual(['1.7', '1.7', '1.7', '1.7']));
      const [sent] = await bench.bus.castMany([
        { messageId: randomUUID(), target: conductor, method: 'm', args: {}, ctx: systemCtx() },
      ]);
      expect(sent).toBe('sent');
      await eventually(() => expect(versions.slice(4)).toEqual(['1.0', '1.0']));
    } finally {
      await letters.close();
    }
  });

  it('buries a cast whose retries are used up, and a cast of an unknown method; drops them', async () => {
    const letters = openDeadLetters({ url: bench.url, cell: bench.cell });
    try {
      await bench.serve(async (method) => {
        if (method === 'bug') throw new TypeError('oops');
        throw new AppError({ kind: 'dependency', code: 'db.down', message: 'down' });
      });
      await bench.bus.cast(systemCtx(), anyCast('down'), conductor, {});
      await bench.bus.cast(systemCtx(), anyCast('bug'), conductor, {});
      await eventually(async () => (await letters.list('conductor')).length === 2);
      const all = await letters.list('conductor');
      expect(all.map(({ method, attempt, reason }) => [method, attempt, reason.code]).sort()).toEqual([
        ['bug', 1, 'internal.unexpected'],
        ['down', 3, 'db.down'],
      ]);
      expect(await letters.drop('conductor', 'all')).toHaveLength(2);
      expect(await letters.list('conductor')).toEqual([]);
    } finally {
      await letters.close();
    }
  });
}
