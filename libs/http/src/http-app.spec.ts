import 'reflect-metadata';
import { createLogger, createMetrics, HealthChecks } from '@kilonova/observability';
import { Policy } from '@kilonova/policy';
import { AppError, type Principal } from '@kilonova/util';
import { Injectable, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiReply, type ApiRequest, type ApiStyle, accepted, createHttpApp, fastifyOf, mountApi, novaStyle, ok, placementStyle, route } from './index.js';

@Injectable()
class ThingController {
  list(request: ApiRequest): ApiReply {
    return ok({ things: [], version: request.version, links: request.baseUrl });
  }
  create(request: ApiRequest): ApiReply {
    return accepted(request.body);
  }
  start(): ApiReply {
    return accepted();
  }
  fail(): ApiReply {
    throw new Error('postgres://u:secret@h/db broke');
  }
  missing(): ApiReply {
    throw new AppError({ kind: 'not-found', code: 'thing.not_found', message: 'Thing could not be found.' });
  }
}

@Module({ providers: [ThingController] })
class ThingModule {}

const schema = {
  type: 'object',
  properties: { thing: { type: 'object', properties: { name: { type: 'string', minLength: 1 }, size: { type: 'integer', minimum: 1 } }, required: ['name'], additionalProperties: false } },
  required: ['thing'],
  additionalProperties: false,
};

const routes = [
  route({ method: 'GET', path: '/', public: true }, ThingController, 'list'),
  route({ method: 'GET', path: '/things', policy: 'things' }, ThingController, 'list'),
  route({ method: 'POST', path: '/things', policy: 'things', body: [{ schema }] }, ThingController, 'create'),
  route({ method: 'GET', path: '/new', min: '2.10' }, ThingController, 'list'),
  route({ method: 'POST', path: '/things/:id/action', action: 'start' }, ThingController, 'start'),
  route({ method: 'GET', path: '/fail' }, ThingController, 'fail'),
  route({ method: 'GET', path: '/things/:id' }, ThingController, 'missing'),
];

const principal: Principal = { userId: 'u', projectId: 'p', roles: ['member'], isAdmin: false };

let app: NestFastifyApplication | undefined;

async function serve(style: ApiStyle, rule = 'role:member') {
  app = await createHttpApp(ThingModule, { bodyLimitBytes: 1 << 20 });
  const running = app;
  mountApi(app, {
    service: 'test',
    routes,
    style,
    authenticate: (headers) => Promise.resolve(headers['x-auth-token'] === 'good' ? principal : undefined),
    policy: new Policy({ rules: [{ name: 'things', check: rule, description: '' }], enforceNewDefaults: true }),
    logger: createLogger({ name: 'test', level: 'silent' }),
    metrics: createMetrics({ service: 'test' }),
    health: new HealthChecks(),
  });
  await app.init();
  await fastifyOf(app).ready();
  return async (method: 'GET' | 'POST' | 'PUT', url: string, over: { headers?: Record<string, string>; body?: unknown } = {}) => {
    const payload = over.body === undefined ? undefined : typeof over.body === 'string' ? over.body : JSON.stringify(over.body);
    const headers = { 'x-auth-token': 'good', ...(payload === undefined ? {} : { 'content-type': 'application/json' }), ...over.headers };
    const answer = await running.inject({ method, url, headers, payload });
    return { status: answer.statusCode, headers: answer.headers, body: answer.body === '' ? undefined : (JSON.parse(answer.body) as unknown) };
  };
}

afterEach(async () => {
  await app?.close();
  app = undefined;
});

describe('the compute style', () => {
  const style = novaStyle({ min: '2.1', max: '2.96' });

  it('answers with versions, request ids and links from the Host header', async () => {
    const request = await serve(style);
    const answer = await request('GET', '/things', { headers: { 'x-openstack-nova-api-version': '2.90', host: 'cloud:8774' } });
    expect(answer.body).toMatchObject({ version: 2090, links: 'http://cloud:8774' });
    expect(answer.headers).toMatchObject({ 'openstack-api-version': 'compute 2.90', 'x-openstack-nova-api-version': '2.90' });
    expect(answer.headers['x-openstack-request-id']).toBe(answer.headers['x-compute-request-id']);
  });

  it.each([
    ['openstack-api-version', 'compute latest', 2096],
    ['openstack-api-version', 'identity 3.0, compute 2.5', 2005],
    ['accept', '*/*', 2001],
  ])('negotiates %s: %s', async (name, value, version) => {
    const request = await serve(style);
    expect((await request('GET', '/things', { headers: { [name]: value } })).body).toMatchObject({ version });
  });

  it('refuses versions it does not have, and texts that are none', async () => {
    const request = await serve(style);
    const ask = (version: string) => request('GET', '/things', { headers: { 'x-openstack-nova-api-version': version } });
    expect(await ask('2.200')).toMatchObject({ status: 406, body: { computeFault: { code: 406 } } });
    expect(await ask('two')).toMatchObject({ status: 400, body: { badRequest: { code: 400 } } });
  });

  it('tells unknown URLs, wrong methods and later routes apart', async () => {
    const request = await serve(style);
    expect((await request('GET', '/nowhere')).status).toBe(404);
    const wrong = await request('PUT', '/things', { body: {} });
    expect([wrong.status, wrong.headers['allow']]).toEqual([405, 'GET, POST']);
    expect((await request('GET', '/new')).status).toBe(404);
    expect((await request('GET', '/new', { headers: { 'x-openstack-nova-api-version': '2.10' } })).status).toBe(200);
  });

  it('wants a token but for what is public', async () => {
    const request = await serve(style);
    expect((await request('GET', '/', { headers: { 'x-auth-token': '' } })).status).toBe(200);
    expect((await request('GET', '/nowhere', { headers: { 'x-auth-token': '' } })).status).toBe(401);
    expect((await request('GET', '/things', { headers: { 'x-auth-token': 'bad' } })).status).toBe(401);
  });

  it('asks the policy before it looks at the body', async () => {
    const request = await serve(style, 'role:admin');
    expect(await request('POST', '/things', { body: '{' })).toMatchObject({
      status: 403,
      body: { forbidden: { message: "Policy doesn't allow things to be performed." } },
    });
  });

  it.each([
    [{ thing: { name: '' } }, "Invalid input for field/attribute name. Value: . '' is too short"],
    [{ thing: {} }, "Invalid input for field/attribute thing. Value: {}. 'name' is a required property"],
    [{ thing: { name: 'a', size: 0 } }, 'Invalid input for field/attribute size. Value: 0. 0 is less than the minimum of 1'],
    [{ other: 1, thing: { name: 'a' } }, "Additional properties are not allowed ('other' was unexpected)"],
    ['{', 'Malformed request body'],
  ])('says what is wrong with %j', async (body, message) => {
    const request = await serve(style);
    expect(await request('POST', '/things', { body })).toMatchObject({ status: 400, body: { badRequest: { code: 400, message } } });
  });

  it('dispatches actions by the key of the body', async () => {
    const request = await serve(style);
    expect((await request('POST', '/things/1/action', { body: { start: null } })).status).toBe(202);
    const unknown = await request('POST', '/things/1/action', { body: { fly: null } });
    expect(unknown).toMatchObject({ status: 400, body: { badRequest: { message: 'There is no such action: fly' } } });
  });

  it('says nothing of a bug', async () => {
    const request = await serve(style);
    const answer = await request('GET', '/fail');
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('postgres');
  });
});

describe('the placement style', () => {
  it('has errors with sentence, code from 1.23 on, and request id', async () => {
    const request = await serve(placementStyle({ min: '1.0', max: '1.39' }));
    const ask = (version: string) => request('GET', '/things/1', { headers: { 'openstack-api-version': `placement ${version}` } });
    const answer = await ask('1.23');
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
    expect((await ask('1.22')).body).not.toMatchObject({ errors: [{ code: 'placement.undefined_code' }] });
  });

  it('quotes schema faults with the schema that failed', async () => {
    const request = await serve(placementStyle({ min: '1.0', max: '1.39' }));
    const answer = await request('POST', '/things', { body: { thing: { name: 'a', size: 0 } } });
    expect(JSON.stringify(answer.body)).toContain("JSON does not validate: 0 is less than the minimum of 1  Failed validating 'minimum' in schema['properties']['thing']['properties']['size']");
  });

  it('names the versions it has', async () => {
    const request = await serve(placementStyle({ min: '1.0', max: '1.39' }));
    const answer = await request('GET', '/things', { headers: { 'openstack-api-version': 'placement 1.99' } });
    expect(answer).toMatchObject({ status: 406, body: { errors: [{ max_version: '1.39', min_version: '1.0' }] } });
  });
});

describe('health', () => {
  it('answers without a token', async () => {
    const request = await serve(placementStyle({ min: '1.0', max: '1.39' }));
    expect((await request('GET', '/readyz', { headers: { 'x-auth-token': '' } })).body).toEqual({ ready: true, checks: {} });
  });
});
