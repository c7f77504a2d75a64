import { freePort, useDatabase } from '@kilonova/testing';
import { describe, expect, it } from 'vitest';
import { databaseVersion, startPlacement, syncDatabase } from './index.js';
import { PlacementCaller } from './spec-support/placement-caller.js';
import { testConfig } from './spec-support/placement-under-test.js';

const empty = useDatabase();
const sync = { database: { poolSize: 3, syncOnStartup: true } };

describe('start', () => {
  it('works for any number of processes at once on an empty database', async () => {
    const config = () => testConfig(empty.url, { database: { ...sync.database, url: empty.url } });
    expect(await databaseVersion(config())).toBeUndefined();
    const running = await Promise.all(Array.from({ length: 4 }, () => startPlacement({ config: config() })));
    const answers = await Promise.all(running.map(({ url }) => new PlacementCaller(url).get('/traits')));
    expect(answers.map(({ body }) => body.traits.length)).toEqual([377, 377, 377, 377]);
    await Promise.all(running.map((each) => each.close()));
    expect((await syncDatabase(config())).applied).toEqual([]);
    expect(await databaseVersion(config())).toMatch(/^\d{4}-/);
  });

  it('one process sees at once what another has written', async () => {
    const [one, two] = await Promise.all([
      startPlacement({ config: testConfig(empty.url) }),
      startPlacement({ config: testConfig(empty.url) }),
    ]);
    const uuid = await new PlacementCaller(one.url).provider({ VCPU: { total: 4 } });
    const candidates = await new PlacementCaller(two.url).get('/allocation_candidates?resources=VCPU:4');
    expect(Object.keys(candidates.body.provider_summaries)).toEqual([uuid]);
    await Promise.all([one.close(), two.close()]);
  });

  it('says that the database is away', async () => {
    const url = `postgresql://nobody@127.0.0.1:${await freePort()}/none`;
    await expect(startPlacement({ config: testConfig(url) })).rejects.toMatchObject({ kind: 'dependency' });
  });
});

describe('an identity service that is away', () => {
  it('makes requests fail with 503 and leaves the root alone', async () => {
    const authUrl = `http://127.0.0.1:${await freePort()}/v3`;
    const config = testConfig(empty.url, {
      auth: { strategy: 'keystone' },
      keystone: { authUrl, password: 'secret', timeoutSeconds: 1 },
    });
    const running = await startPlacement({ config });
    const call = new PlacementCaller(running.url);
    const refused = await call.get('/resource_providers');
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([503, expect.stringContaining('identity service')]);
    expect((await call.get('/')).status).toBe(200);
    expect((await call.get('/healthcheck')).status).toBe(200);
    await running.close();
  });
});
