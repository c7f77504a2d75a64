import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, freePortBase } from '@kilonova/local-servers';
import { useBroker, useDatabase } from '@kilonova/testing';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { preflight } from './preflight.js';
import { StateDir } from './state-dir.js';
import { UP_DEFAULTS, type UpOptions } from './up-options.js';

const broker = useBroker();
const database = useDatabase();
let state: StateDir;
let options: UpOptions;

beforeEach(async () => {
  state = StateDir.create(mkdtempSync(join(tmpdir(), 'preflight-')));
  options = { ...UP_DEFAULTS, portBase: await freePortBase() };
});
afterEach(() => rmSync(state.root, { recursive: true }));

describe('before anything starts', () => {
  it('all is well with a broker and a database that take the login', async () => {
    await expect(preflight({ ...options, amqp: broker.url, postgres: database.url }, state)).resolves.toBeUndefined();
  });

  it('a port that is taken is told with its service', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(options.portBase + 2, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    await expect(preflight(options, state)).rejects.toThrow(
      `port ${options.portBase + 2} (placement) cannot be taken: another program listens on it; choose another --port-base`,
    );
  });

  it('an absent broker and an absent database are told at once, with address and cause, without passwords', async () => {
    const port = await freePort();
    const absent = { amqp: `amqp://u:s3cret@127.0.0.1:${port}`, postgres: `postgres://p:s3cret@127.0.0.1:${port}` };
    const error = await preflight({ ...options, ...absent }, state).catch((caught: Error) => caught);
    expect(String(error)).toContain(
      `--amqp: the broker at 127.0.0.1:${port} (user u, virtual host /) cannot be used: connect ECONNREFUSED 127.0.0.1:${port}`,
    );
    expect(String(error)).toContain(
      `--postgres: the database server at 127.0.0.1:${port} (user p, database postgres) cannot be used: connect ECONNREFUSED 127.0.0.1:${port}`,
    );
    expect(String(error)).not.toContain('s3cret');
  });

  it.each([
    ['{"brokenHosts": [', /fake-driver\.json: is no JSON/],
    ['[]', /fake-driver\.json: must be an object/],
    ['{"spawnDelay": 5}', /fake-driver\.json: spawnDelay is no option/],
    ['{"spawnDelayMs": "5"}', /fake-driver\.json: spawnDelayMs must be a number from 0/],
    ['{"brokenHosts": "*"}', /fake-driver\.json: brokenHosts must be a list of texts/],
  ])('a fake-driver.json that is %s is told', async (text, message) => {
    writeFileSync(state.path('fake-driver.json'), text);
    await expect(preflight(options, state)).rejects.toThrow(message);
  });

  it('a fake-hardware.json with a fault is told', async () => {
    writeFileSync(state.path('fake-hardware.json'), '{"*": {"fans": 2}}');
    await expect(preflight(options, state)).rejects.toThrow(/fake-hardware\.json: \* must NOT have additional properties: fans/);
  });
});
