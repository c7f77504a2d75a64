import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostgres, startPostgres } from '@kilonova/local-servers';
import { databaseExists } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SupervisedPostgres } from './supervised-postgres.js';

const installation = await findPostgres();

describe.skipIf(installation === undefined)('the PostgreSQL of a cloud (needs one installed or in node_modules)', () => {
  it('is started again when it dies, and stays down when it is stopped', async () => {
    const baseDir = mkdtempSync(join(tmpdir(), 'supervised-'));
    onTestFinished(() => rmSync(baseDir, { recursive: true, force: true }));
    const server = await startPostgres({ baseDir, durable: false });
    const told: string[] = [];
    const supervised = new SupervisedPostgres(server, (message) => told.push(message));
    onTestFinished(() => supervised.stop());
    const first = supervised.status.pid;
    process.kill(first as number, 'SIGKILL');
    await eventually(() => expect(supervised.status).toMatchObject({ state: 'running', restarts: 1 }), { deadlineMs: 60_000 });
    expect(supervised.status.pid).not.toBe(first);
    expect(told[0]).toBe('PostgreSQL ended (SIGKILL); it is started again');
    expect(await databaseExists(server.url)).toBe(true);
    await supervised.stop();
    expect(supervised.status).toMatchObject({ state: 'stopped', pid: null });
    await server.exited;
  });
});
