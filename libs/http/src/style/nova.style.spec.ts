import { afterEach, describe, expect, it } from 'vitest';
import { novaStyle, type Route, route, type SchemaFault, validate } from '../index.js';
import {
  type Ask,
  PROJECT,
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

describe('the compute style', () => {
  const style = novaStyle({ min: '2.1', max: '2.96', authUri: 'http://identity/v3' });

  it('answers with both version headers and both request ids, on errors too', async () => {
    const ask = await serve({ style });
    for (const [url, status] of [
      ['/things', 200],
      ['/things/1', 404],
    ] as const) {
      const answer = await ask('GET', url, { headers: { 'x-openstack-nova-api-version': '2.90' } });
      const vary = 'OpenStack-API-Version, X-OpenStack-Nova-API-Version';
      expect(answer).toMatchObject({
        status,
        headers: { 'openstack-api-version': 'compute 2.90', 'x-openstack-nova-api-version': '2.90', vary },
      });
      expect(answer.headers['x-openstack-request-id']).toBe(answer.headers['x-compute-request-id']);
    }
  });

  it.each([
    ['openstack-api-version', 'compute latest', 2096],
    ['openstack-api-version', 'identity 3.0, compute 2.5', 2005],
    ['x-openstack-nova-api-version', '2.9', 2009],
    ['accept', '*/*', 2001],
  ])('negotiates %s: %s', async (name, value, version) => {
    const ask = await serve({ style });
    expect((await ask('GET', '/things', { headers: { [name]: value } })).body).toMatchObject({ version });
  });

  it('refuses versions it does not have, and texts that are none', async () => {
    const ask = await serve({ style });
    const at = (version: string) => ask('GET', '/things', { headers: { 'x-openstack-nova-api-version': version } });
    const refused = await at('2.200');
    expect(refused).toMatchObject({ status: 406, body: { computeFault: { code: 406 } } });
    expect(refused.headers['openstack-api-version']).toBeUndefined();
    expect(await at('two')).toMatchObject({ status: 400, body: { badRequest: { code: 400 } } });
  });

  it.each([
    [{ thing: { name: '' } }, "Invalid input for field/attribute name. Value: . '' is too short"],
    [{ thing: {} }, "Invalid input for field/attribute thing. Value: {}. 'name' is a required property"],
    [{ thing: { name: 'a', size: 0 } }, 'Invalid input for field/attribute size. Value: 0. 0 is less than the minimum of 1'],
    [{ other: 1, thing: { name: 'a' } }, "Additional properties are not allowed ('other' was unexpected)"],
    ['{', 'Malformed request body'],
    ['', 'Malformed request body'],
  ])('says what is wrong with %j', async (body, message) => {
    const ask = await serve({ style });
    expect(await ask('POST', '/things', { body })).toMatchObject({ status: 400, body: { badRequest: { code: 400, message } } });
  });

  it('sees each query parameter as a list', async () => {
    const ask = await serve({ style });
    expect((await ask('GET', '/search?limit=1&limit=2')).status).toBe(200);
    const message = "Invalid input for query parameters limit. Value: a. 'a' does not match '^[0-9]+$'";
    expect(await ask('GET', '/search?limit=a')).toMatchObject({ status: 400, body: { badRequest: { message } } });
  });

  it('dispatches actions by the key of the body', async () => {
    const ask = await serve({ style });
    const act = (body: unknown, version = '2.1') =>
      ask('POST', '/things/1/action', { body, headers: { 'x-openstack-nova-api-version': version } });
    const started = await act({ start: null });
    expect([started.status, started.headers['content-type'], started.body]).toEqual([202, 'application/json', undefined]);
    expect((await act({ fly: null }, '2.10')).status).toBe(202);
    expect((await act({ fly: null })).status).toBe(404);
    expect(await act({ swim: null })).toMatchObject({
      status: 400,
      body: { badRequest: { message: 'There is no such action: swim' } },
    });
    for (const body of [{}, [], 'null', { start: null, fly: null }]) expect((await act(body)).status).toBe(400);
  });

  it('refuses bodies that are not JSON', async () => {
    const ask = await serve({ style });
    const answer = await ask('POST', '/things', { headers: { 'content-type': 'application/xml' }, body: '<thing/>' });
    expect(answer).toMatchObject({ status: 415, body: { badMediaType: { code: 415 } } });
  });

  it('says where tokens are to be had', async () => {
    const ask = await serve({ style });
    const answer = await ask('GET', '/things', { headers: { 'x-auth-token': 'bad' } });
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Keystone uri="http://identity/v3"' } });
    expect(answer.body).toEqual({
      error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' },
    });
  });

  it.each([
    ['name', 'a\u200b', 'printable characters. Can not start or end with whitespace.'],
    ['name', '\u200b', 'printable characters. Can not start or end with whitespace.'],
    ['name', ' a', 'printable characters. Can not start or end with whitespace.'],
    ['name', 'a\n', 'printable characters. Can not start or end with whitespace.'],
    ['name', '\ufeffa\u2028b', 'printable characters. Can not start or end with whitespace.'],
    ['az_name', 'a:b', 'printable characters except :. Can not start or end with whitespace.'],
    ['keypair_name_20', 'a@b', 'Only expected characters: [_- 0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ]'],
    [
      'keypair_name_292',
      'a/b',
      'Only expected characters: [@._- 0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ]',
    ],
  ])('says in words what a %s must be: %j', (format, text, rule) => {
    const fault = validate({ properties: { name: { type: 'string', format } } }, { name: text });
    expect(style.bodyFault(fault as SchemaFault).message).toBe(`An invalid 'name' value was provided. The name must be: ${rule}`);
    expect(validate({ properties: { name: { type: 'string', format } } }, { name: 'ab c-1' })).toBeUndefined();
  });

  it('takes names of every script', () => {
    for (const text of ['\u670d\u52a1\u5668 1', 'Gr\u00f6\u00dfe', 'a\u0301', '\u{1f680}'])
      expect(validate({ properties: { name: { type: 'string', format: 'name' } } }, { name: text })).toBeUndefined();
  });

  describe('with extensions', () => {
    const own = novaStyle({ min: '2.1', max: '2.96', extensions: { min: '1.0', max: '1.2' } });
    const more = { type: 'object', properties: { more: { type: 'string' } }, additionalProperties: false };
    const routes: readonly Route[] = [
      ...thingRoutes,
      route({ method: 'GET', path: '/own', extension: '1.1' }, ThingController, 'list'),
      route({ method: 'POST', path: '/things/:id/action', action: 'dive', extension: '1.1' }, ThingController, 'start'),
      route(
        {
          method: 'POST',
          path: '/more',
          body: [
            { extension: '1.1', schema: more },
            { max: '2.50', schema: { type: 'object', additionalProperties: false } },
            { min: '2.51', schema: { type: 'null' } },
          ],
        },
        ThingController,
        'create',
      ),
    ];
    const at = (version: string) => ({ 'openstack-api-version': version });

    it('negotiates them apart, and tells both', async () => {
      const ask = await serve({ style: own, routes });
      const told = async (version: string) => (await ask('GET', '/things', { headers: at(version) })).headers;
      expect(await told('compute 2.90, kilonova 1.1')).toMatchObject({
        'openstack-api-version': 'compute 2.90, kilonova 1.1',
        'x-openstack-nova-api-version': '2.90',
        vary: 'OpenStack-API-Version, X-OpenStack-Nova-API-Version',
      });
      expect((await told('kilonova latest'))['openstack-api-version']).toBe('compute 2.1, kilonova 1.2');
      expect((await told('compute 2.90'))['openstack-api-version']).toBe('compute 2.90');
    });

    it('refuses versions that they do not have, as those of the API', async () => {
      const ask = await serve({ style: own, routes });
      const status = async (version: string) => (await ask('GET', '/things', { headers: at(version) })).status;
      expect(await Promise.all(['kilonova 1.3', 'kilonova 2.0', 'kilonova x', 'compute 2.97, kilonova 1.0'].map(status))).toEqual(
        [406, 406, 400, 406],
      );
    });

    it('has routes, actions and fields for who asks for them, and for nobody else', async () => {
      const ask = await serve({ style: own, routes });
      const get = async (version: string) => (await ask('GET', '/own', { headers: at(version) })).status;
      expect([await get('compute 2.96'), await get('kilonova 1.0'), await get('kilonova 1.1')]).toEqual([404, 404, 200]);
      const post = async (url: string, body: unknown, version: string) =>
        (await ask('POST', url, { body, headers: at(version) })).status;
      const dive = (version: string) => post('/things/1/action', { dive: null }, version);
      expect([await dive('compute 2.96'), await dive('kilonova 1.0'), await dive('kilonova 1.1')]).toEqual([400, 404, 202]);
      const field = (version: string) => post('/more', { more: 'a' }, version);
      expect([await field('compute 2.1'), await field('kilonova 1.0'), await field('kilonova 1.2')]).toEqual([400, 400, 202]);
    });
  });

  describe('below prefixes', () => {
    const prefixes = [
      { path: '/v2.1', projectSegment: true },
      { path: '/v2', projectSegment: true, compat: true },
    ];

    it('takes a project id in the URL, if it is the one of the token', async () => {
      const ask = await serve({ style, prefixes });
      expect((await ask('GET', '/v2.1/things')).body).toMatchObject({ prefix: '/v2.1' });
      expect((await ask('GET', `/v2.1/${PROJECT}/things`)).status).toBe(200);
      expect(await ask('GET', '/v2.1/99999999222233334444555555555555/things')).toMatchObject({ status: 400 });
      expect((await ask('GET', '/')).status).toBe(200);
      expect((await ask('GET', '/things')).status).toBe(404);
    });

    it('speaks the older dialect at one version and drops unknown keys', async () => {
      const ask = await serve({ style, prefixes });
      const headers = { 'x-openstack-nova-api-version': '2.90' };
      expect((await ask('GET', '/v2/things', { headers })).body).toMatchObject({ version: 2001 });
      expect((await ask('POST', '/v2/things', { body: { thing: { name: 'a', odd: 1 } } })).body).toEqual({
        thing: { name: 'a' },
      });
      expect((await ask('POST', '/v2.1/things', { body: { thing: { name: 'a', odd: 1 } } })).status).toBe(400);
    });

    it('has its own page with and without a slash', async () => {
      const { versionRoutes } = await import('../spec-support/thing-app.js');
      const ask = await serve({ style, prefixes, routes: versionRoutes, rootRoutes: [] });
      expect([(await ask('GET', '/v2.1')).status, (await ask('GET', '/v2.1/')).status]).toEqual([200, 200]);
    });
  });
});
