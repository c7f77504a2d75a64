import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@kilonova/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forgetProcess, recordedProcess, recordProcess, startOf } from './process-record.js';

let folder: string;
let pidFile: string;
let sleeper: ChildProcess;
const pidOf = (child: ChildProcess): number => child.pid as number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-'));
  pidFile = join(folder, 'x.pid');
  sleeper = spawn('sleep', ['60'], { stdio: 'ignore' });
});

afterEach(() => {
  sleeper.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

describe('a recorded process', () => {
  it('is found while it runs, and forgotten when told', () => {
    recordProcess(pidFile, pidOf(sleeper));
    expect(recordedProcess(pidFile)).toBe(sleeper.pid);
    forgetProcess(pidFile);
    expect(recordedProcess(pidFile)).toBeUndefined();
  });

  it('is not the stranger who has its number now', () => {
    recordProcess(pidFile, process.pid);
    writeFileSync(pidFile, `${sleeper.pid}\n`);
    expect(recordedProcess(pidFile)).toBeUndefined();
  });

  it('has ended when it was killed, also while nobody has waited for it', async () => {
    const shell = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const unreaped = await new Promise<number>((resolve) => shell.stdout.once('data', (text) => resolve(Number(text))));
    await eventually(() => expect(startOf(unreaped)).toBeUndefined());
    shell.kill('SIGKILL');
  });

  it('is none where the file is missing, empty or no number', () => {
    expect(recordedProcess(pidFile)).toBeUndefined();
    for (const text of ['', 'x', '0', '1', '-5']) {
      writeFileSync(pidFile, text);
      expect(recordedProcess(pidFile)).toBeUndefined();
    }
  });
});
