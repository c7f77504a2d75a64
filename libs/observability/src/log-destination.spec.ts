import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { droppedLogLines, logDestination } from './log-destination.js';
import { createLogger } from './logger.js';
import { runProcess } from './run-process.js';

const onFullDisk = () => createLogger({ name: 'test', level: 'info', destination: logDestination('/dev/full') });

// /dev/full refuses every write as a full disk does (ENOSPC).
describe.skipIf(!existsSync('/dev/full'))('M1: a log on a full disk (needs /dev/full)', () => {
  it('drops and counts lines, and the process goes on', async () => {
    const logger = onFullDisk();
    const before = droppedLogLines();
    for (let line = 0; line < 3_000; line++) {
      logger.info({ text: 'x'.repeat(1_000) }, 'a line');
      if (line % 100 === 0) await new Promise(setImmediate);
    }
    await vi.waitFor(() => expect(droppedLogLines()).toBeGreaterThan(before + 1_000));
  });

  it('does not keep a process from ending', async () => {
    const exits: number[] = [];
    const on = new Map<string, (cause: unknown) => void>();
    const host = {
      on: (event: string, listener: (cause: unknown) => void) => on.set(event, listener),
      exit: (code: number) => void exits.push(code),
      tell: () => undefined,
      kill: () => void exits.push(137),
    };
    await runProcess(onFullDisk(), () => Promise.resolve({ close: () => Promise.resolve() }), host);
    on.get('SIGTERM')?.('SIGTERM');
    await vi.waitFor(() => expect(exits).toEqual([0]));
    on.get('uncaughtException')?.(new Error('oh'));
    await vi.waitFor(() => expect(exits).toEqual([0, 1]));
  });

  it('does not fail at exit', () => {
    const destination = logDestination('/dev/full');
    destination.write('a line\n');
    expect(() => destination.flushSync()).not.toThrow();
  });
});

it('L16: a log file is its owner’s alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'a.log');
  const logger = createLogger({ name: 'test', level: 'info', destination: logDestination(path) });
  logger.info('a line');
  await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toContain('a line'));
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
