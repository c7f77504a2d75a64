import { EventEmitter } from 'node:events';
import { eventually } from '@kilonova/testing';
import { describe, expect, it } from 'vitest';
import { aborted, untilSignal } from './ending.js';

function start(work: (signal: AbortSignal) => Promise<void>, tidyMs?: number) {
  const exits: number[] = [];
  const host = Object.assign(new EventEmitter(), { exit: (code: number) => void exits.push(code) });
  return { host, exits, done: untilSignal(work, host, tidyMs) };
}

describe('a command that runs until it is told to end', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('ends quietly on %s with %i', async (signal, code) => {
    const { host, exits, done } = start(aborted);
    host.emit(signal);
    await done;
    expect(exits).toEqual([code]);
  });

  it('keeps errors of tidying up to itself, and tells others', async () => {
    const failing = start((signal) => aborted(signal).then(() => Promise.reject(new Error('close failed'))));
    failing.host.emit('SIGINT');
    await failing.done;
    expect(failing.exits).toEqual([130]);
    await expect(start(() => Promise.reject(new Error('no broker'))).done).rejects.toThrow('no broker');
  });

  it('does not wait for work that hangs', async () => {
    const { host, exits } = start(() => new Promise(() => undefined), 10);
    host.emit('SIGTERM');
    await eventually(() => expect(exits).toEqual([143]));
    host.emit('SIGTERM');
    expect(exits).toEqual([143, 143]);
  });
});
