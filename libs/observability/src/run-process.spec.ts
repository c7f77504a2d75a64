import { EventEmitter } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLogger } from './logger.js';
import { type Closeable, runProcess } from './run-process.js';
import { StartRefused } from './start-checks.js';

const logger = createLogger({ name: 'test', level: 'silent' });

async function run(start: () => Promise<Closeable>) {
  const exits: number[] = [];
  const told: string[] = [];
  const host = Object.assign(new EventEmitter(), {
    exit: (code: number) => void exits.push(code),
    tell: (text: string) => void told.push(text),
    kill: () => void exits.push(137),
  });
  await runProcess(logger, start, host);
  return { host, exits, told };
}

describe('a service as a process', () => {
  it('closes on a signal and ends well', async () => {
    const close = vi.fn(() => Promise.resolve());
    const { host, exits } = await run(() => Promise.resolve({ close }));
    expect(exits).toEqual([]);
    host.emit('SIGTERM', 'SIGTERM');
    await vi.waitUntil(() => exits.length > 0);
    expect([close.mock.calls.length, exits]).toEqual([1, [0]]);
  });

  it('ends badly when it can neither start nor close, or is told twice', async () => {
    const unable = await run(() => Promise.reject(new Error('no database')));
    await vi.waitUntil(() => unable.exits.length > 0);
    expect(unable.exits).toEqual([1]);
    const stuck = await run(() => Promise.resolve({ close: () => Promise.reject(new Error('stuck')) }));
    stuck.host.emit('SIGINT', 'SIGINT');
    await vi.waitUntil(() => stuck.exits.length > 0);
    expect(stuck.exits).toEqual([1]);
    const hurried = await run(() => Promise.resolve({ close: () => new Promise<void>(() => undefined) }));
    hurried.host.emit('SIGTERM', 'SIGTERM');
    hurried.host.emit('SIGTERM', 'SIGTERM');
    expect(hurried.exits).toEqual([1]);
  });

  it('refuses to start on what cannot work, in plain lines', async () => {
    const refused = await run(() => Promise.reject(new StartRefused(['Cells: none.', 'Placement API: too old.'])));
    await vi.waitUntil(() => refused.exits.length > 0);
    expect([refused.exits, refused.told]).toEqual([[78], ['Cells: none.\nPlacement API: too old.\n']]);
  });

  it('ends on an error that nobody caught', async () => {
    const { host, exits } = await run(() => Promise.resolve({ close: () => Promise.resolve() }));
    host.emit('uncaughtException', new Error('oh'));
    await vi.waitUntil(() => exits.length > 0);
    expect(exits).toEqual([1]);
  });

  it('M1: ends on a full disk, and where its log hangs', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const write = vi.fn();
    const hanging = createLogger({ name: 'test', level: 'info', destination: { write, flush: () => undefined } as never });
    const exits: number[] = [];
    const host = Object.assign(new EventEmitter(), {
      exit: (code: number) => void exits.push(code),
      tell: () => undefined,
      kill: () => void exits.push(137),
    });
    await runProcess(hanging, () => Promise.resolve({ close: () => Promise.resolve() }), host);
    host.emit('SIGTERM', 'SIGTERM');
    await vi.advanceTimersByTimeAsync(1_999);
    expect(exits).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(exits).toEqual([137]);
  });
});
