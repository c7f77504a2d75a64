import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processEnvironment } from '@kilonova/config';
import { eventually, useBroker } from '@kilonova/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCloud } from './support/cloud.js';

const REAPER = fileURLToPath(new URL('../../../examples/reaper/main.mjs', import.meta.url));

/** Two hosts with room for two of the smallest flavor each. */
const FOUR_PLACES = ['--cells', '1', '--hosts', '2', '--host-vcpus', '2', '--cpu-allocation-ratio', '1', '--no-proof'];
const EXTENDED = { 'openstack-api-version': 'compute 2.90, kilonova 1.0' };

/** The example as its README starts it, on a cloud of processes over RabbitMQ. */
describe('a cloud that is full of preemptible servers', () => {
  const broker = useBroker();
  let cloud: TestCloud;
  let reaper: ChildProcess | undefined;
  let said = '';

  beforeAll(async () => {
    cloud = await TestCloud.start(['--amqp', broker.url, ...FOUR_PLACES], { KILONOVA_CONDUCTOR_USE_PENDING_STATE: 'true' });
  }, 240_000);
  afterAll(async () => {
    reaper?.kill('SIGTERM');
    await cloud?.stop();
  }, 120_000);

  function startReaper(): void {
    const env = {
      PATH: processEnvironment()['PATH'],
      OS_AUTH_URL: cloud.endpoints.identity,
      OS_USERNAME: 'admin',
      OS_PASSWORD: readFileSync(join(cloud.stateDir, 'secrets', 'admin-password'), 'utf8').trim(),
      OS_PROJECT_NAME: 'admin',
      REAPER_AMQP_URL: broker.url,
    };
    reaper = spawn(process.execPath, [REAPER], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [reaper.stdout, reaper.stderr]) stream?.on('data', (chunk: Buffer) => void (said += chunk.toString()));
  }

  const statusOf = async (id: string, headers: Record<string, string> = EXTENDED) =>
    (
      await cloud.client.ask<{ server: { status: string } }>(
        'GET',
        `${cloud.endpoints.compute}/servers/${id}`,
        undefined,
        headers,
      )
    ).server.status;
  const spots = async () => (await cloud.client.servers('spot-')).filter(({ status }) => status === 'ACTIVE').length;

  it('has room for a normal one all the same: one goes, and it is ACTIVE', async () => {
    for (const index of [1, 2, 3, 4]) await cloud.client.boot(`spot-${index}`, { metadata: { preemptible: 'true' } });
    await cloud.client.settled('spot-', 4, 120);
    expect(await spots()).toBe(4);
    const waiting = await cloud.client.boot('waiting');
    await eventually(async () => expect(await statusOf(waiting)).toBe('PENDING'), { deadlineMs: 60_000 });
    expect(await statusOf(waiting, {})).toBe('ERROR');
    startReaper();
    await eventually(async () => expect(await statusOf(waiting), said).toBe('ACTIVE'), { deadlineMs: 90_000 });
    expect(await spots()).toBe(3);
    const told = await cloud.client.boot('told');
    await eventually(async () => expect(await statusOf(told), said).toBe('ACTIVE'), { deadlineMs: 45_000 });
    expect(await spots()).toBe(2);
    expect((await cloud.client.consumers()).length).toBe(4);
  }, 300_000);

  it('deletes nothing for one that is preemptible itself', async () => {
    const spot = await cloud.client.boot('spot-5', { metadata: { preemptible: 'true' } });
    await eventually(async () => expect(await statusOf(spot)).toBe('PENDING'), { deadlineMs: 60_000 });
    await cloud.client.boot('last');
    await eventually(async () => expect(await spots()).toBe(1), { deadlineMs: 60_000 });
    expect(await statusOf(spot)).toBe('PENDING');
  }, 180_000);
});
