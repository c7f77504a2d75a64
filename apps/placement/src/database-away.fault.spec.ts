import { migrationsDirOf } from '@kilonova/sql';
import { eventually, TcpProxy, useDatabase } from '@kilonova/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPlacement, startPlacement } from './index.js';
import { PlacementCaller } from './spec-support/placement-caller.js';
import { testConfig } from './spec-support/placement-under-test.js';

const database = useDatabase(migrationsDirOf(import.meta.url));
let proxy: TcpProxy;
let running: RunningPlacement;
let call: PlacementCaller;

beforeAll(async () => {
  proxy = await TcpProxy.inFrontOf(database.url);
  const url = proxy.through(database.url);
  running = await startPlacement({
    config: testConfig(url, { database: { url, poolSize: 4, connectTimeoutSeconds: 0.5, statementTimeoutSeconds: 1 } }),
  });
  call = new PlacementCaller(running.url);
});
afterAll(async () => {
  await running.close();
  await proxy.close();
});

const candidates = () => call.get('/allocation_candidates?resources=VCPU:1');

describe('a database that goes away', () => {
  it('makes requests fail with 503, not 500, and readiness with them; it serves again when the database is back', async () => {
    const provider = await call.provider({ VCPU: { total: 4 } });
    proxy.refuse();
    const refused = [
      await candidates(),
      await call.get(`/resource_providers/${provider}`),
      await call.claim(provider, { [provider]: { VCPU: 1 } }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(refused[0]?.body.errors[0].title).toBe('Service Unavailable');
    expect((await call.get('/readyz')).status).toBe(503);
    expect([(await call.get('/')).status, (await call.get('/healthcheck')).status]).toEqual([200, 200]);
    proxy.heal();
    await eventually(async () => expect((await candidates()).status).toBe(200));
  });

  it('keeps a claim that is told to be granted, and tells of none that is not', async () => {
    const provider = await call.provider({ VCPU: { total: 1000 } });
    const consumers = Array.from({ length: 40 }, (_, n) => `b0000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`);
    const claims = consumers.map((consumer) =>
      call.claim(consumer, { [provider]: { VCPU: 1 } }).then(({ status }) => ({ consumer, status })),
    );
    await Promise.race(claims);
    proxy.cut();
    const outcomes = await Promise.all(claims);
    expect(outcomes.filter(({ status }) => status !== 204 && status !== 503)).toEqual([]);
    const held = await eventually(async () => {
      const reply = await call.get(`/resource_providers/${provider}/allocations`);
      expect(reply.status).toBe(200);
      return Object.keys(reply.body.allocations);
    });
    const granted = outcomes.filter(({ status }) => status === 204).map(({ consumer }) => consumer);
    expect(granted.filter((consumer) => !held.includes(consumer))).toEqual([]);
    const usages = await call.get(`/resource_providers/${provider}/usages`);
    expect(usages.body.usages).toEqual({ VCPU: held.length });
  });

  it('that goes silent costs a request no more than its time limits', async () => {
    proxy.blackhole();
    const started = Date.now();
    expect((await candidates()).status).toBe(503);
    expect(Date.now() - started).toBeLessThan(15_000);
    proxy.heal();
    proxy.cut();
    await eventually(async () => expect((await candidates()).status).toBe(200));
  });
});
