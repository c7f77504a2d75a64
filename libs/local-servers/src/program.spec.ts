import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePorts } from './free-port.js';
import { Program } from './program.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kilonova-program-'));
});
afterAll(() => rm(folder, { recursive: true }));

const shell = (script: string, stopGraceMs = 5_000): Promise<Program> =>
  Program.start({
    command: '/bin/sh',
    args: ['-c', script],
    env: { PATH: '/usr/bin:/bin' },
    logFile: join(folder, `${Math.random()}.log`),
    stopSignal: 'SIGTERM',
    stopGraceMs,
  });

test('a program that ends before it is ready is reported with what it wrote', async () => {
  const program = await shell('echo "no such luck"; exit 3');
  await expect(program.ready(async () => false, 5_000)).rejects.toMatchObject({
    kind: 'dependency',
    message: expect.stringContaining('no such luck'),
  });
  expect(await program.exited).toEqual({ code: 3, signal: null });
});

test('a program that is not ready in time is killed', async () => {
  const program = await shell('exec sleep 60');
  await expect(program.ready(async () => false, 60)).rejects.toMatchObject({
    message: expect.stringContaining('not ready after 60 ms'),
  });
  expect(await program.exited).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a program that does not heed the stop signal is killed after its grace', async () => {
  const program = await shell('trap "" TERM; echo up; while :; do sleep 0.05; done', 80);
  await program.ready(async () => (await program.logTail()).includes('up'), 5_000);
  await program.stop();
  expect((await program.exited).signal).toBe('SIGKILL');
});

test('what cannot be executed is a dependency error', async () => {
  const spec = {
    command: '/no/such/program',
    args: [],
    env: {},
    logFile: join(folder, 'x.log'),
    stopSignal: 'SIGTERM',
    stopGraceMs: 1,
  } as const;
  await expect(Program.start(spec)).rejects.toMatchObject({ kind: 'dependency', code: 'local_server.program.failed' });
});

test('free ports are different', async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
});
