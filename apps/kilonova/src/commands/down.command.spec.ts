import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordProcess } from '@kilonova/local-servers';
import { eventually } from '@kilonova/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StateDir } from '../up/state-dir.js';
import { downCommand } from './down.command.js';
import { statusCommand } from './status.command.js';

let folder: string;
let state: StateDir;
let printed: string;
let sleeper: ChildProcess;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'down-'));
  state = StateDir.create(join(folder, 'state'));
  sleeper = spawn('sleep', ['60'], { stdio: 'ignore' });
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
  sleeper.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const down = (stateDir = state.root) => downCommand().parseAsync(['--state-dir', stateDir], { from: 'user' });
const status = (stateDir = state.root) => statusCommand().parseAsync(['--state-dir', stateDir], { from: 'user' });
const pid = (): number => sleeper.pid as number;

describe('after the process that led a cloud was killed', () => {
  it('`down` leaves a stranger alone who has its number now', async () => {
    recordProcess(state.path('run', 'up.pid'), process.pid);
    writeFileSync(state.path('run', 'up.pid'), `${pid()}\n`);
    writeFileSync(state.path('run', 'scheduler.pid'), `${pid()}\n`);
    await down();
    expect([printed, sleeper.exitCode, sleeper.signalCode]).toEqual(['no cloud is running on this state folder\n', null, null]);
  });

  it('`status` sees the services that go on, and `down` ends them', async () => {
    recordProcess(state.path('run', 'cell1-agent.pid'), pid());
    await status();
    expect(printed).toMatch(new RegExp(`cell1-agent +left behind +${pid()}`));
    expect(process.exitCode).toBe(1);
    await down();
    expect(printed).toContain(`what was left behind: cell1-agent (${pid()})`);
    await eventually(() => expect(sleeper.signalCode).toBe('SIGTERM'));
    printed = '';
    await status();
    expect([printed, process.exitCode]).toEqual(['no cloud is running on this state folder; start one with `kilonova up`\n', 3]);
  });
});

it('`status` tells of a cloud that is starting or ending', async () => {
  recordProcess(state.path('run', 'up.pid'), pid());
  await expect(status()).rejects.toThrow(`is starting or ending (process ${pid()})`);
});

it('a wrong --state-dir is told, and nothing is made there', async () => {
  const wrong = join(folder, 'wrong');
  await expect(down(wrong)).rejects.toThrow('is no state folder');
  await expect(status(wrong)).rejects.toThrow('is no state folder');
  expect(existsSync(wrong)).toBe(false);
});
