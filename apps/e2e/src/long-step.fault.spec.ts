import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalRabbitmq, startRabbitmq } from '@kilonova/local-servers';
import { eventually } from '@kilonova/testing';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCloud } from './support/cloud.js';
import { CloudTruth } from './support/cloud-truth.js';

/** How long the broker lets a delivery be unacknowledged, and how often it looks, milliseconds; 30 minutes and one by default. */
const DELIVERY_TIMEOUT = { consumer_timeout: 3_000, channel_tick_interval: 1_000 };
const FORTY_MINUTES_MS = 2_400_000;
const AFTERWARDS_MS = 8_000;
/** What the broker's log says of a consumer that it cuts, in its versions. */
const TIMED_OUT = /consumer .* has timed out waiting for/i;

/** A broker of the test's own that cuts deliveries which are not acknowledged within seconds. */
describe('a step that takes much longer than the broker lets a delivery wait', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kilonova-long-step-'));
  let rabbitmq: LocalRabbitmq;
  let cloud: TestCloud;
  let truth: CloudTruth;

  beforeAll(async () => {
    rabbitmq = await startRabbitmq({ baseDir: folder });
    for (const [name, ms] of Object.entries(DELIVERY_TIMEOUT)) {
      await rabbitmq.ctl('eval', `application:set_env(rabbit, ${name}, ${ms}).`);
    }
    const servers = ['--amqp', rabbitmq.url, '--amqp-management', rabbitmq.managementUrl];
    cloud = await TestCloud.start([...servers, '--cells', '1', '--hosts', '2', '--no-proof', '--log-level', 'warn']);
    truth = await CloudTruth.open(cloud.stateDir);
  }, 300_000);

  afterAll(async () => {
    await truth?.close();
    await cloud?.stop();
    await rabbitmq?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 180_000);

  it('goes on when its agent, killed in the middle of it, is back; nothing is cut or done twice', async () => {
    spawnTakes(FORTY_MINUTES_MS);
    const uuid = await cloud.client.boot('long-step');
    await eventually(async () => expect(await states()).toEqual(['building spawning']), { deadlineMs: 60_000 });
    const [before] = await truth.servers();
    await untilTheBrokerCutsSomebody();
    expect(await truth.underWay()).toEqual([operation(uuid)]);

    spawnTakes(AFTERWARDS_MS);
    cloud.kill('cell1-agent');
    await eventually(async () => expect(await states()).toEqual(['active null']), { deadlineMs: 120_000, everyMs: 200 });
    expect((await truth.servers()).map((one) => one.host)).toEqual([before?.host]);
    expect([...truth.guests().keys()]).toEqual([uuid]);
    expect(timeouts()).toHaveLength(1);
    expect((await cloud.kilonova('dlq', 'list')).trim().split('\n')).toHaveLength(2);
  }, 300_000);

  const spawnTakes = (spawn: number): void =>
    writeFileSync(join(cloud.stateDir, 'fake-driver.json'), JSON.stringify({ delaysMs: { spawn } }));

  const states = async (): Promise<string[]> => (await truth.servers()).map((one) => `${one.vm_state} ${one.task_state}`);

  const operation = (uuid: string) => expect.objectContaining({ what: 'operation', uuid, step: 'build_and_run_instance taken' });

  const timeouts = (): string[] =>
    readdirSync(join(folder, 'log'))
      .flatMap((name) => readFileSync(join(folder, 'log', name), 'utf8').split('\n'))
      .filter((line) => TIMED_OUT.test(line));

  /** Somebody who takes a message and says nothing, later than everybody else: once it is cut, others would have been. */
  async function untilTheBrokerCutsSomebody(): Promise<void> {
    const connection = await connect(rabbitmq.url);
    try {
      const channel = await connection.createChannel();
      const closed = new Promise<Error>((resolve) => channel.once('error', resolve));
      await channel.assertQueue('control');
      channel.sendToQueue('control', Buffer.from('x'));
      await channel.consume('control', () => undefined);
      expect((await closed).message).toContain('PRECONDITION_FAILED');
      await eventually(() => expect(timeouts()).toHaveLength(1));
    } finally {
      await connection.close();
    }
  }
});
