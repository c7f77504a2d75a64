import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@kilonova/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCloud } from './support/cloud.js';

const LAUNCHER = fileURLToPath(new URL('../../../kilonova', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Its standard output so far. */
  readonly printed: () => string;
}

/** Starts a command on the cloud's folder, and tells how it ended. */
function start(cloud: TestCloud, ...words: readonly string[]): Started {
  const child = spawn(LAUNCHER, [...words, '--state-dir', cloud.stateDir], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
  });
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  return { child, ended, printed: () => out };
}

const run = (cloud: TestCloud, ...words: readonly string[]): Promise<Ended> => start(cloud, ...words).ended;

describe('the process that leads a cloud', () => {
  let cloud: TestCloud;
  let portBase: string;

  beforeAll(async () => {
    cloud = await TestCloud.start(['--cells', '1']);
    portBase = new URL(cloud.endpoints.identity).port;
  }, 240_000);
  afterAll(() => cloud?.stop(), 120_000);

  it.each([
    ['SIGINT' as const, 130],
    ['SIGTERM' as const, 143],
  ])(
    '`notifications tail` ends quietly with it on %s',
    async (signal, code) => {
      const { child, ended, printed } = start(cloud, 'notifications', 'tail');
      let made = 0;
      const event = async (): Promise<void> => {
        const name = `tail-${code}-${made++}`;
        await cloud.openstack('flavor', 'create', '--ram', '64', '--vcpus', '1', '--disk', '1', name);
        expect(printed()).toContain('flavor.create');
      };
      await eventually(event, { deadlineMs: 60_000 });
      child.kill(signal);
      expect(await ended).toMatchObject({ code, err: '' });
    },
    60_000,
  );

  it('is killed: what it leaves behind is seen, another start takes over, and proves itself anew', async () => {
    const [before] = await cloud.openstackJson<Array<{ ID: string }>>('server', 'list', '--name', '^proof-cell1$');
    expect((await run(cloud, 'status')).code).toBe(0);
    cloud.kill('up');
    await eventually(async () => expect((await run(cloud, 'status')).code).toBe(1), { deadlineMs: 30_000 });
    expect((await run(cloud, 'status')).out).toMatch(/PostgreSQL +left behind/);
    const again = await run(cloud, 'up', '--detach', '--port-base', portBase);
    expect(again, TestCloud.logsOf(cloud.stateDir)).toMatchObject({ code: 0 });
    expect(again.out).toContain('ended what an earlier run left behind: PostgreSQL');
    const servers = await cloud.openstackJson<Array<{ ID: string; Status: string }>>('server', 'list', '--name', '^proof-cell1$');
    expect(servers.map(({ Status }) => Status)).toEqual(['ACTIVE']);
    expect(servers[0]?.ID).not.toBe(before?.ID);
  }, 240_000);

  it('is asked for less than the cloud holds, or twice: refused, and nothing is touched', async () => {
    expect(await run(cloud, 'up', '--hosts', '1')).toMatchObject({
      code: 1,
      err: expect.stringContaining('--hosts 1: the state folder holds 2'),
    });
    expect(await run(cloud, 'up')).toMatchObject({
      code: 1,
      err: expect.stringContaining('a cloud is running on this state folder'),
    });
    expect((await run(cloud, 'status')).code).toBe(0);
  }, 60_000);

  it('leaves no warning behind when it ends', async () => {
    const since = new Date().toISOString();
    expect(await run(cloud, 'down')).toMatchObject({ code: 0, out: 'stopped\n' });
    expect((await run(cloud, 'status')).code).toBe(3);
    const names = [
      'compute-api',
      'super-conductor',
      'cell1-conductor',
      'scheduler',
      'placement',
      'cell1-agent',
      'identity',
      'image',
    ];
    const lines = names.flatMap((name) =>
      readFileSync(join(cloud.stateDir, 'log', `${name}.log`), 'utf8')
        .trim()
        .split('\n'),
    );
    const warns = ({ level, time }: { level: number; time: string }): boolean => level >= 40 && time >= since;
    const afterwards = lines.filter((line) => warns(JSON.parse(line)));
    expect(afterwards).toEqual([]);
  }, 120_000);
});
