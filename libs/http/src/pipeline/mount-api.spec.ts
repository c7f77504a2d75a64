import { createMetrics } from '@kilonova/observability';
import { Policy } from '@kilonova/policy';
import { afterEach, describe, expect, it } from 'vitest';
import { aboutThings, novaStyle, route, Turns } from '../index.js';
import {
  type Ask,
  type ThingApp,
  type ThingAppOptions,
  ThingController,
  thingApp,
  thingRoutes,
} from '../spec-support/thing-app.js';

let running: ThingApp | undefined;

async function serve(options: ThingAppOptions): Promise<Ask> {
  running = await thingApp(options);
  return running.ask;
}

afterEach(async () => {
  await running?.app.close();
  running = undefined;
});

describe('any API', () => {
  const style = novaStyle({ min: '2.1', max: '2.96' });

  it('tells unknown URLs, wrong methods and later routes apart', async () => {
    const ask = await serve({ style });
    expect((await ask('GET', '/nowhere')).status).toBe(404);
    expect((await ask('GET', '/things/')).status).toBe(404);
    expect((await ask('PUT', '/things', { body: {} })).status).toBe(404);
    expect((await ask('HEAD', '/things')).status).toBe(404);
    expect((await ask('GET', '/new')).status).toBe(404);
    expect((await ask('GET', '/new', { headers: { 'x-openstack-nova-api-version': '2.10' } })).status).toBe(200);
  });

  it('answers only some dear requests of one project at once, and refuses too many', async () => {
    const ask = await serve({ style, turns: new Turns({ requests: 8, changes: 4, dear: 2 }) });
    const answers = await Promise.all(Array.from({ length: 68 }, () => ask('GET', '/slow')));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(66).fill(200), 429, 429]);
    expect(answers.find(({ status }) => status === 429)?.headers['retry-after']).toBe('1');
    expect(ThingController.mostAtOnce).toBe(2);
  });

  it('wants a token but for what is public', async () => {
    const ask = await serve({ style });
    const nobody = { headers: { 'x-auth-token': '' } };
    expect((await ask('GET', '/', nobody)).status).toBe(200);
    expect((await ask('POST', '/tokens', { ...nobody, body: { thing: { name: 'a' } } })).status).toBe(202);
    for (const [method, url] of [
      ['GET', '/nowhere'],
      ['GET', '/things'],
      ['DELETE', '/tokens'],
    ] as const) {
      expect((await ask(method, url, nobody)).status).toBe(401);
    }
  });

  it('reads no body of somebody without a token or of a request that may not be', async () => {
    const ask = await serve({ style, rule: 'role:admin' });
    const long = { thing: 'x'.repeat(5000) };
    expect((await ask('POST', '/things', { body: long, headers: { 'x-auth-token': '' } })).status).toBe(401);
    expect((await ask('POST', '/things', { body: long })).status).toBe(403);
    expect((await ask('POST', '/nowhere', { body: long })).status).toBe(404);
  });

  it('asks the policy before it looks at the body', async () => {
    const ask = await serve({ style, rule: 'role:admin' });
    const body = { forbidden: { code: 403, message: "Policy doesn't allow things to be performed." } };
    expect(await ask('POST', '/things', { body: '{' })).toMatchObject({ status: 403, body });
  });

  it('C1: writes no token into the log, whatever becomes of the request', async () => {
    const lines: string[] = [];
    const token = 'gAAAAA-secret-token';
    const ask = await serve({ style, lines, authenticate: () => Promise.resolve({ userId: 'u', roles: [], isAdmin: false }) });
    for (const path of ['/fail', '/down', '/things', '/gone', '/nowhere'])
      await ask('GET', path, { headers: { 'x-auth-token': token } });
    expect(lines.length).toBeGreaterThan(4);
    expect(lines.join('')).not.toContain(token);
  });

  it('H2: answers nothing from a controller that did not ask the policy about its thing', async () => {
    const ask = await serve({ style, routes: aboutThings(thingRoutes) });
    expect((await ask('GET', '/things')).status).toBe(500);
  });

  it('H2: takes for an administrator whom the rule says, whatever authentication says', async () => {
    const rules = [{ name: 'boss', check: 'role:boss or is_admin:True', description: '' }];
    const policy = new Policy({ rules, enforceNewDefaults: true });
    const routes = [route({ method: 'GET', path: '/admin' }, ThingController, 'admin')];
    for (const roles of [['admin'], ['boss']]) {
      const principal = { userId: 'u', projectId: 'p', roles, isAdmin: roles.includes('admin') };
      const { app, ask } = await thingApp({
        style,
        policy,
        adminRule: 'boss',
        routes,
        authenticate: () => Promise.resolve(principal),
      });
      expect((await ask('GET', '/admin')).body).toEqual(roles.includes('boss') ? [true, true] : [false, false]);
      await app.close();
    }
  });

  it('H3: refuses tokens of other scopes on every row, one without a rule too', async () => {
    for (const scope of [{ domainId: 'd' }, { systemScope: 'all' }]) {
      const principal = { userId: 'u', roles: ['admin', 'member'], isAdmin: true, ...scope };
      const { app, ask } = await thingApp({ style, tokenScopes: ['project'], authenticate: () => Promise.resolve(principal) });
      const tries = [ask('GET', '/things'), ask('GET', '/'), ask('GET', '/nowhere')];
      expect((await Promise.all(tries)).map(({ status }) => status)).toEqual([403, 200, 404]);
      await app.close();
    }
  });

  it('keeps the id of the caller beside its own, unless that is no request id', async () => {
    const ask = await serve({ style });
    const given = 'req-0a876037-4160-4060-8ab4-1f7337bf91ca';
    const answer = await ask('GET', '/things', { headers: { 'x-openstack-request-id': given } });
    expect(answer.body).toMatchObject({ global: given });
    expect(answer.headers['x-openstack-request-id']).not.toBe(given);
    expect((await ask('GET', '/things', { headers: { 'x-openstack-request-id': 'x"y' } })).body).toMatchObject({ global: null });
  });

  it('builds links from the Host header, and from forwarded ones only where they are trusted', async () => {
    const forwarded = { host: 'cloud:8774', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'public' };
    const ask = await serve({ style });
    expect((await ask('GET', '/things', { headers: forwarded })).body).toMatchObject({ links: 'http://cloud:8774' });
    expect((await ask('GET', '/things', { headers: { host: 'a/b' } })).body).toMatchObject({ links: 'http://localhost' });
    await running?.app.close();
    const trusting = await serve({ style, trustForwarded: true });
    expect((await trusting('GET', '/things', { headers: forwarded })).body).toMatchObject({ links: 'https://public' });
  });

  it('says nothing of a bug, and when to come back where a service is missing', async () => {
    const lines: string[] = [];
    const ask = await serve({ style, lines });
    const bug = await ask('GET', '/fail');
    expect([bug.status, JSON.stringify(bug.body).includes('postgres')]).toEqual([500, false]);
    const id = bug.headers['x-openstack-request-id'];
    expect(lines.some((line) => line.includes(String(id)) && line.includes('failed unexpectedly'))).toBe(true);
    const down = await ask('GET', '/down');
    expect([down.status, down.headers['retry-after']]).toEqual([503, '3']);
    expect((await ask('GET', '/gone')).status).toBe(410);
  });

  it('answers what the framework refuses in the words of the style', async () => {
    const ask = await serve({ style });
    expect(await ask('POST', '/things', { body: { thing: 'x'.repeat(5000) } })).toMatchObject({
      status: 413,
      body: { overLimit: { code: 413 } },
    });
    expect(await ask('GET', '/things/%zz')).toMatchObject({ status: 400, body: { badRequest: { code: 400 } } });
    expect((await ask('GET', '//')).status).toBe(404);
  });

  it('hands over a raw body as a stream, however long', async () => {
    const ask = await serve({ style });
    const file = { headers: { 'content-type': 'application/octet-stream' }, body: 'x'.repeat(20_000) };
    expect(await ask('PUT', '/files/1', file)).toMatchObject({ status: 200, body: { bytes: 20_000 } });
  });

  it('logs a line for each request, without tokens', async () => {
    const lines: string[] = [];
    const ask = await serve({ style, lines });
    await ask('GET', '/things?token=abc123&x=1');
    const line = JSON.parse(lines.at(-1) as string) as Record<string, unknown>;
    expect(line).toMatchObject({
      method: 'GET',
      url: '/things?token=***&x=1',
      route: '/things',
      status: 200,
      user_id: 'u',
      version: 2001,
    });
  });

  it('M9: metrics are not on the API, count by rows of the table, and do not grow with refused requests', async () => {
    const metrics = createMetrics({ service: 'things' });
    const ask = await serve({ style, metrics });
    expect((await ask('GET', '/metrics')).status).toBe(404);
    await ask('GET', '/things');
    for (let at = 0; at < 50; at++) {
      await ask('GET', `/things/${at}`);
      await ask('GET', `/nothing/${at}`);
      await ask('GET', '/things', { headers: { 'x-auth-token': '' } });
      await ask('DELETE', '/things');
    }
    const { text } = await metrics.expose();
    const counts = text.split('\n').filter((line) => line.startsWith('kilonova_http_request_seconds_count'));
    expect(counts).toEqual([expect.stringMatching(/method="GET",route="\/things",status="200"} 1$/)]);
    expect(text).toMatch(/http_refused_total\{status="401",service="things"\} 50/);
    expect(text.length).toBeLessThan(10_000);
  });

  it('answers health without a token', async () => {
    const ask = await serve({ style });
    expect((await ask('GET', '/readyz', { headers: { 'x-auth-token': '' } })).body).toEqual({ ready: true, checks: {} });
  });

  it('lets pages of allowed origins in, and no others', async () => {
    const cors = { allowedOrigins: ['http://ok.example'], allowHeaders: ['X-Auth-Token', 'openstack-api-version'] };
    const ask = await serve({ style, cors });
    const preflight = (origin: string, wanted?: string) =>
      ask('OPTIONS', '/things', {
        headers: {
          origin,
          'access-control-request-method': 'GET',
          'x-auth-token': '',
          ...(wanted === undefined ? {} : { 'access-control-request-headers': wanted }),
        },
      });
    const good = await preflight('http://ok.example', 'x-auth-token, x-evil');
    expect(good.headers).toMatchObject({
      'access-control-allow-origin': 'http://ok.example',
      'access-control-allow-headers': 'x-auth-token',
    });
    expect((await preflight('http://ok.example')).headers['access-control-allow-headers']).toBeUndefined();
    expect((await preflight('http://ok.example', 'x-evil')).headers['access-control-allow-headers']).toBeUndefined();
    const bad = await preflight('http://evil.example');
    expect([good.status, bad.status, bad.headers['access-control-allow-origin']]).toEqual([200, 200, undefined]);
    const answer = await ask('GET', '/things', { headers: { origin: 'http://ok.example' } });
    expect(answer.headers['access-control-allow-origin']).toBe('http://ok.example');
    expect(answer.headers['vary']).toContain('X-OpenStack-Nova-API-Version, Origin');
  });
});
