import { describe, expect, it, vi } from 'vitest';
import { KeyedGate } from './keyed-gate.js';

const limits = { concurrency: 2, queue: 2, waitMs: 60_000 };
const tooMany = expect.objectContaining({ code: 'request.too_many', details: { httpStatus: 429 } });

/** Tasks that end when they are told to. */
function tasks() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const task = (name: string) => () => {
    started.push(name);
    return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
  };
  return { started, task, end: (name: string) => ends.get(name)?.() };
}

describe('a gate by key', () => {
  it('lets so many run, the next wait in order, and refuses what is beyond the queue', async () => {
    const gate = new KeyedGate(limits, 'things');
    const { started, task, end } = tasks();
    const runs = ['a', 'b', 'c', 'd'].map((name) => gate.run('p', task(name)));
    await expect(gate.run('p', task('e'))).rejects.toEqual(tooMany);
    expect(started).toEqual(['a', 'b']);
    end('b');
    await vi.waitFor(() => expect(started).toEqual(['a', 'b', 'c']));
    end('a');
    await vi.waitFor(() => expect(started).toEqual(['a', 'b', 'c', 'd']));
    end('c');
    end('d');
    expect(await Promise.all(runs)).toEqual(['a', 'b', 'c', 'd']);
    expect(gate.size).toBe(0);
  });

  it('keeps keys apart', async () => {
    const gate = new KeyedGate({ ...limits, concurrency: 1 }, 'things');
    const { started, task, end } = tasks();
    const first = gate.run('p', task('a'));
    const other = gate.run('q', task('b'));
    expect(started).toEqual(['a', 'b']);
    end('a');
    end('b');
    await Promise.all([first, other]);
  });

  it('goes on after a task that failed', async () => {
    const gate = new KeyedGate({ ...limits, concurrency: 1 }, 'things');
    await expect(gate.run('p', () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(await gate.run('p', async () => 1)).toBe(1);
  });

  it('lets others in between tasks of one key that only compute', async () => {
    const gate = new KeyedGate({ concurrency: 2, queue: 10, waitMs: 60_000, apart: true }, 'things');
    const order: string[] = [];
    const busy = Array.from({ length: 6 }, (_, index) => gate.run('p', async () => void order.push(`p${index}`)));
    const other = new Promise<void>((resolve) => setImmediate(resolve)).then(() => void order.push('other'));
    await Promise.all([...busy, other]);
    expect(order.indexOf('other')).toBeLessThanOrEqual(4);
    expect(order.filter((name) => name !== 'other')).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5']);
    await vi.waitFor(() => expect(gate.size).toBe(0));
  });

  it('does not let anybody wait for ever', async () => {
    const gate = new KeyedGate({ concurrency: 1, queue: 2, waitMs: 5 }, 'things');
    const { started, task, end } = tasks();
    const first = gate.run('p', task('a'));
    await expect(gate.run('p', task('b'))).rejects.toEqual(tooMany);
    end('a');
    await first;
    expect(started).toEqual(['a']);
    expect(gate.size).toBe(0);
  });
});
