import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { type AppError, systemCtx } from '@kilonova/util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RestClient } from './rest-client.js';

let server: http.Server | undefined;
let client: RestClient | undefined;

async function against(handler: http.RequestListener): Promise<RestClient> {
  const listening = http.createServer(handler);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  client = new RestClient({
    service: 'identity',
    title: 'The identity service',
    baseUrl: () => `http://127.0.0.1:${port}`,
    timeoutMs: 200,
    breaker: { resetMs: 300 },
  });
  return client;
}

afterEach(async () => {
  await client?.close();
  server?.closeAllConnections();
  server?.close();
});

describe('a client of another service', () => {
  it('hands over request id, trace and JSON, and reads JSON back', async () => {
    const ctx = systemCtx();
    const rest = await against((request, response) => {
      const { 'x-openstack-request-id': id, traceparent, 'content-type': type } = request.headers;
      response.end(JSON.stringify({ id, traceparent, type }));
    });
    const reply = await rest.send(ctx, { method: 'PUT', path: '/x', body: {} });
    expect(reply.body).toEqual({ id: ctx.requestId, traceparent: ctx.traceparent, type: 'application/json' });
  });

  it('gives answers of 4xx to the caller', async () => {
    const rest = await against((_request, response) => response.writeHead(409).end());
    expect(await rest.send(systemCtx(), { method: 'GET', path: '/' })).toMatchObject({ status: 409, body: undefined });
  });

  it('names the service that is silent, failing or gone', async () => {
    const rest = await against((request, response) => {
      if (request.url === '/failing') response.writeHead(500).end();
    });
    const get = (path: string) => rest.send(systemCtx(), { method: 'GET', path });
    await expect(get('/failing')).rejects.toMatchObject({ kind: 'dependency', code: 'identity.failed' });
    await expect(get('/silent')).rejects.toMatchObject({
      code: 'identity.timeout',
      message: expect.stringContaining('The identity service'),
    });
    server?.closeAllConnections();
    server?.close();
    await expect(get('/gone')).rejects.toMatchObject({ code: 'identity.unavailable' });
  });

  it('stops asking after repeated failures, and writes are counted apart from reads', async () => {
    let asked = 0;
    const rest = await against((request, response) => {
      asked += 1;
      response.writeHead(request.method === 'GET' ? 500 : 200).end();
    });
    for (let i = 0; i < 10; i++) await rest.send(systemCtx(), { method: 'GET', path: '/' }).catch(() => undefined);
    await expect(rest.send(systemCtx(), { method: 'GET', path: '/' })).rejects.toMatchObject({ code: 'identity.circuit_open' });
    expect(asked).toBe(10);
    expect((await rest.send(systemCtx(), { method: 'POST', path: '/' })).status).toBe(200);
  });

  it('sends a read again when its kept connection broke', async () => {
    let asked = 0;
    const rest = await against((request, response) => {
      asked += 1;
      if (asked === 2) request.socket.destroy();
      else response.end('{}');
    });
    await rest.send(systemCtx(), { method: 'GET', path: '/' });
    expect((await rest.send(systemCtx(), { method: 'GET', path: '/' })).status).toBe(200);
    expect(asked).toBe(3);
  });

  it('never sends a write again that may have arrived', async () => {
    let asked = 0;
    const rest = await against((request) => {
      asked += 1;
      request.socket.destroy();
    });
    const post = { method: 'POST', path: '/', body: {} } as const;
    await expect(rest.send(systemCtx(), post)).rejects.toMatchObject({ code: 'identity.unavailable' });
    expect(asked).toBe(1);
    await expect(rest.send(systemCtx(), { ...post, idempotent: true })).rejects.toMatchObject({ code: 'identity.unavailable' });
    expect(asked).toBe(4);
  });

  it('does not ask once the deadline has passed, and blames no service that was given too little time', async () => {
    const rest = await against(() => undefined);
    await expect(rest.send({ ...systemCtx(), deadline: Date.now() - 1 }, { method: 'GET', path: '/' })).rejects.toMatchObject({
      kind: 'deadline',
      code: 'identity.deadline',
    });
    const hurried = () => rest.send({ ...systemCtx(), deadline: Date.now() + 20 }, { method: 'GET', path: '/' });
    const ends = await Promise.allSettled(Array.from({ length: 15 }, hurried));
    expect(ends.every((end) => end.status === 'rejected' && (end.reason as AppError).code === 'identity.timeout')).toBe(true);
    expect(rest.states()).toEqual({ read: 'closed', write: 'closed' });
  });

  it('lets one call through after a while, and closes again', async () => {
    let broken = true;
    const rest = await against((_request, response) => response.writeHead(broken ? 500 : 200).end());
    const get = () => rest.send(systemCtx(), { method: 'GET', path: '/' });
    for (let i = 0; i < 10; i++) await get().catch(() => undefined);
    expect(rest.states().read).toBe('open');
    broken = false;
    await vi.waitUntil(() => rest.states().read === 'half-open', { timeout: 5_000 });
    expect((await get()).status).toBe(200);
    expect(rest.states().read).toBe('closed');
  });

  it('sends and receives streams', async () => {
    const rest = await against((request, response) => void request.pipe(response));
    const body = Readable.from([Buffer.from('a'), Buffer.from('b')]);
    const reply = await rest.stream(systemCtx(), {
      method: 'PUT',
      path: '/file',
      body,
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(await reply.body.text()).toBe('ab');
  });
});
