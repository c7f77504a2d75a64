import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiOptions, identityStyle, imageStyle, listen, novaStyle, placementStyle } from './index.js';
import { type Ask, PROJECT, type ThingApp, thingApp } from './spec-support/thing-app.js';

let running: ThingApp | undefined;

async function serve(
  options: Pick<ApiOptions, 'style'> & Partial<ApiOptions> & { rule?: string; lines?: string[] },
): Promise<Ask> {
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
    const wrong = await ask('PUT', '/things', { body: {} });
    expect([wrong.status, wrong.headers['allow']]).toEqual([405, 'GET, POST']);
    expect((await ask('HEAD', '/things')).status).toBe(405);
    expect((await ask('GET', '/new')).status).toBe(404);
    expect((await ask('GET', '/new', { headers: { 'x-openstack-nova-api-version': '2.10' } })).status).toBe(200);
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

  it('counts requests by route', async () => {
    const ask = await serve({ style });
    await ask('GET', '/things/1');
    const { body } = await ask('GET', '/metrics', { headers: { 'x-auth-token': '' } });
    expect(body).toContain('route="/things/:id",status="404"');
  });

  it('answers health without a token', async () => {
    const ask = await serve({ style });
    expect((await ask('GET', '/readyz', { headers: { 'x-auth-token': '' } })).body).toEqual({ ready: true, checks: {} });
  });

  it('lets pages of allowed origins in, and no others', async () => {
    const cors = { allowedOrigins: ['http://ok.example'], allowHeaders: ['x-auth-token'] };
    const ask = await serve({ style, cors });
    const preflight = (origin: string) =>
      ask('OPTIONS', '/things', { headers: { origin, 'access-control-request-method': 'GET', 'x-auth-token': '' } });
    const good = await preflight('http://ok.example');
    expect(good.headers).toMatchObject({
      'access-control-allow-origin': 'http://ok.example',
      'access-control-allow-headers': 'x-auth-token',
    });
    const bad = await preflight('http://evil.example');
    expect([good.status, bad.status, bad.headers['access-control-allow-origin']]).toEqual([200, 200, undefined]);
    const answer = await ask('GET', '/things', { headers: { origin: 'http://ok.example' } });
    expect(answer.headers['access-control-allow-origin']).toBe('http://ok.example');
    expect(answer.headers['vary']).toContain('X-OpenStack-Nova-API-Version, Origin');
  });

  it('refuses to start with a row whose schema cannot be compiled', async () => {
    const { thingRoutes } = await import('./spec-support/thing-app.js');
    const bad = [{ ...(thingRoutes[0] as (typeof thingRoutes)[number]), query: [{ schema: { type: 'nonsense' } }] }];
    await expect(serve({ style, routes: bad })).rejects.toThrow();
  });
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
    expect((await act({ start: null })).status).toBe(202);
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
      const { versionRoutes } = await import('./spec-support/thing-app.js');
      const ask = await serve({ style, prefixes, routes: versionRoutes, rootRoutes: [] });
      expect([(await ask('GET', '/v2.1')).status, (await ask('GET', '/v2.1/')).status]).toEqual([200, 200]);
    });
  });
});

describe('the placement style', () => {
  const style = placementStyle({ min: '1.0', max: '1.39' });
  const entry = (body: unknown): Record<string, unknown> =>
    (body as { errors: Record<string, unknown>[] }).errors[0] as Record<string, unknown>;

  it('has errors with sentence, code from 1.23 on, and request id', async () => {
    const ask = await serve({ style });
    const at = (version: string) => ask('GET', '/things/1', { headers: { 'openstack-api-version': `placement ${version}` } });
    const answer = await at('1.23');
    expect(answer.body).toEqual({
      errors: [
        {
          status: 404,
          title: 'Not Found',
          detail: 'The resource could not be found.\n\n Thing could not be found.  ',
          code: 'placement.undefined_code',
          request_id: answer.headers['x-openstack-request-id'],
        },
      ],
    });
    expect(entry((await at('1.22')).body)['code']).toBeUndefined();
  });

  it.each([
    [undefined, 1000],
    ['placement latest', 1039],
    ['compute 2.1, placement 1.20', 1020],
    ['compute 2.90', 1000],
  ])('negotiates %s', async (header, version) => {
    const ask = await serve({ style });
    const answer = await ask('GET', '/things', { headers: header === undefined ? {} : { 'openstack-api-version': header } });
    expect(answer.body).toMatchObject({ version });
    expect(answer.headers).toMatchObject({
      'openstack-api-version': `placement 1.${version - 1000}`,
      vary: 'openstack-api-version',
    });
  });

  it('quotes schema faults with the schema that failed', async () => {
    const ask = await serve({ style });
    const answer = await ask('POST', '/things', { body: { thing: { name: 'a', size: 0 } } });
    const text =
      "JSON does not validate: 0 is less than the minimum of 1  Failed validating 'minimum' in schema['properties']['thing']['properties']['size']";
    expect(entry(answer.body)['detail']).toContain(text);
    expect(entry((await ask('POST', '/things', { body: '{' })).body)['detail']).toContain('Malformed JSON:');
  });

  it('names the versions it has, in the form that the client takes', async () => {
    const ask = await serve({ style });
    const at = (version: string, accept: string) =>
      ask('GET', '/', { headers: { accept, 'openstack-api-version': `placement ${version}`, 'x-auth-token': '' } });
    const json = await at('1.99', 'application/json');
    expect([json.status, json.headers['openstack-api-version']]).toEqual([406, undefined]);
    expect(entry(json.body)).toMatchObject({ title: 'Not Acceptable', max_version: '1.39', min_version: '1.0' });
    const page = await at('0.5', 'text/html');
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).toContain('Unacceptable version header: 0.5');
    expect(entry((await at('pony', '*/*')).body)['detail']).toContain('invalid version string: pony');
  });

  it('says which methods there are', async () => {
    const ask = await serve({ style });
    const answer = await ask('DELETE', '/things', { headers: { 'content-type': 'application/xml' } });
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, POST']);
    expect(entry(answer.body)['detail']).toBe(
      'The method DELETE is not allowed for this resource. \n\n The method specified is not allowed for this resource.',
    );
  });

  it('gives JSON only', async () => {
    const ask = await serve({ style });
    const get = (accept: string) => ask('GET', '/things', { headers: { accept } });
    const refused = await get('text/plain');
    expect([refused.status, String(refused.body).includes('Only application/json is provided')]).toEqual([406, true]);
    expect((await get('text/html,application/xhtml+xml,application/xml;q=0.9')).status).toBe(406);
    expect((await get('text/html,application/xml;q=0.9,*/*;q=0.8')).status).toBe(200);
  });

  it('takes JSON only', async () => {
    const ask = await serve({ style });
    const post = (type: string | undefined, body: string | undefined) =>
      ask('POST', '/things', { headers: { 'content-type': type as string }, body });
    expect(entry((await post('text/plain', 'hi')).body)['detail']).toContain(
      'The media type text/plain is not supported, use application/json',
    );
    expect(entry((await post(undefined, undefined)).body)['detail']).toContain(
      'The media type None is not supported, use application/json',
    );
    expect(entry((await post(undefined, 'hi')).body)['detail']).toContain('content-type header required when content-length > 0');
  });

  it('says that a length has to be a number, although the parser refuses the request', async () => {
    await serve({ style });
    const url = new URL(await listen((running as ThingApp).app, { host: '127.0.0.1', port: 0 }));
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(url.port), url.hostname, () =>
        socket.write('POST /things HTTP/1.1\r\nhost: x\r\ncontent-length: hi mom\r\n\r\n'),
      );
      let text = '';
      socket
        .on('data', (chunk) => (text += chunk.toString()))
        .on('end', () => resolve(text))
        .on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(answer).toContain('content-length header must be an integer');
  });

  it('has its own form of 401', async () => {
    const ask = await serve({ style });
    const answer = await ask('GET', '/things', { headers: { 'x-auth-token': '' } });
    expect(answer).toMatchObject({ status: 401, body: { code: '401 Unauthorized', title: 'Unauthorized' } });
    expect(answer.headers['openstack-api-version']).toBeUndefined();
  });
});

describe('the other styles', () => {
  it('identity tells code, message and title', async () => {
    const ask = await serve({ style: identityStyle() });
    expect((await ask('GET', '/things/1')).body).toEqual({
      error: { code: 404, message: 'Thing could not be found.', title: 'Not Found' },
    });
  });

  it('image shows a page', async () => {
    const ask = await serve({ style: imageStyle() });
    const answer = await ask('GET', '/things/1');
    expect(answer.headers['content-type']).toBe('text/html; charset=UTF-8');
    expect(answer.body).toBe(
      '<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  Thing could not be found.<br /><br />\n\n\n\n </body>\n</html>',
    );
  });
});
