import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { listen, placementStyle } from '../index.js';
import { type Ask, type ThingApp, type ThingAppOptions, thingApp } from '../spec-support/thing-app.js';

let running: ThingApp | undefined;

async function serve(options: ThingAppOptions): Promise<Ask> {
  running = await thingApp(options);
  return running.ask;
}

afterEach(async () => {
  await running?.app.close();
  running = undefined;
});

/** All that a server says to the head of a request. */
const said = (base: string, head: string, body = ''): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const socket = connect(Number(port), hostname, () => socket.write(`${head}\r\nconnection: close\r\n\r\n${body}`));
    let text = '';
    socket
      .on('data', (chunk) => {
        text += chunk.toString();
      })
      .on('end', () => resolve(text))
      .on('error', reject);
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

  it.each([
    [
      'a length that is no number',
      'POST /things HTTP/1.1\r\nhost: x\r\ncontent-length: hi mom',
      400,
      'content-length header must be an integer',
    ],
    ['no host', 'GET /things HTTP/1.1\r\nx-auth-token: good', 400, 'The host header is missing.'],
    ['an unknown expectation', 'GET /things HTTP/1.1\r\nhost: x\r\nexpect: pony', 417, 'expectation'],
    ['a tunnel', 'CONNECT other:80 HTTP/1.1\r\nhost: x', 405, 'The method CONNECT is not allowed'],
    ['a target that is no path', 'GET * HTTP/1.1\r\nhost: x\r\nx-auth-token: good', 404, 'could not be found'],
  ])('answers %s in its own form, although Node or Fastify would do it otherwise', async (_what, head, status, text) => {
    await serve({ style });
    const answer = await said(await listen((running as ThingApp).app, { host: '127.0.0.1', port: 0 }), head);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const [entry] = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))).errors;
    expect([entry.status, entry.detail]).toEqual([status, expect.stringContaining(text)]);
    expect(answer).toContain(`x-openstack-request-id: ${entry.request_id}`);
  });

  it('does not answer twice when the body of a refused request cannot be parsed', async () => {
    await serve({ style });
    const head = 'POST /%ff HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked';
    const answer = await said(await listen((running as ThingApp).app, { host: '127.0.0.1', port: 0 }), head, 'pony');
    expect(answer.split('HTTP/1.1')).toHaveLength(2);
    expect(answer).toContain('The URL of the request is malformed.');
  });

  it('has its own form of 401', async () => {
    const ask = await serve({ style });
    const answer = await ask('GET', '/things', { headers: { 'x-auth-token': '' } });
    expect(answer).toMatchObject({ status: 401, body: { code: '401 Unauthorized', title: 'Unauthorized' } });
    expect(answer.headers['openstack-api-version']).toBeUndefined();
  });
});
