import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { RestClient } from '@kilonova/rest-client';
import { type Ctx, systemCtx } from '@kilonova/util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attributeKind } from './image.js';
import { ImageClient } from './image-client.js';

const ID = '1ea035e0-e44d-40eb-bfcf-f7f85c886e0f';

type Handler = (request: http.IncomingMessage, body: string) => { status: number; json?: unknown; text?: string };

let server: http.Server;
let client: ImageClient;
let answer: Handler;
let asked: string[];

beforeEach(async () => {
  asked = [];
  server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url}`);
      const { status, json, text } = answer(request, Buffer.concat(chunks).toString());
      response.writeHead(status).end(text ?? (json === undefined ? undefined : JSON.stringify(json)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rest = new RestClient({ service: 'image', title: 'The image service', baseUrl: () => url, timeoutMs: 1000 });
  client = new ImageClient({
    send: (ctx, request) => rest.send(ctx, request),
    sendAs: (ctx, token, request) => rest.send(ctx, { ...request, headers: { ...request.headers, 'x-auth-token': token } }),
    endpoint: () => Promise.resolve(`${url}/`),
    authHeaders: () => Promise.resolve({ 'x-auth-token': 'own' }),
    close: () => rest.close(),
  });
});

afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
});

const as = (projectId: string, isAdmin = false): Ctx => ({
  ...systemCtx(),
  principal: { userId: 'u', projectId, roles: [], isAdmin },
});

const image = (fields: object = {}) => ({
  id: ID,
  name: 'cirros',
  status: 'active',
  visibility: 'private',
  owner: 'p',
  min_ram: 64,
  min_disk: 1,
  size: 4096,
  tags: [],
  protected: false,
  self: `/v2/images/${ID}`,
  file: 'f',
  schema: 's',
  stores: 'fs',
  hw_rng: 'x',
  os_hidden: false,
  ...fields,
});

describe('an image', () => {
  it('is read with its free attributes apart', async () => {
    answer = () => ({ status: 200, json: image({ block_device_mapping: [{ a: 1 }], nothing: null }) });
    expect(await client.getImage(as('p'), ID)).toMatchObject({
      id: ID,
      name: 'cirros',
      min_ram: 64,
      checksum: null,
      properties: { hw_rng: 'x', block_device_mapping: '[{"a":1}]' },
    });
    expect(Object.keys((await client.getImage(as('p'), ID))?.properties ?? {})).toEqual(['hw_rng', 'block_device_mapping']);
  });

  it('that is active is asked for once in a burst, one that is not each time', async () => {
    answer = () => ({ status: 200, json: image() });
    for (let n = 0; n < 3; n++) await client.getImage(as('p'), ID);
    expect(asked).toHaveLength(1);
    const other = ID.replace('1', '2');
    answer = () => ({ status: 200, json: image({ id: other, status: 'queued' }) });
    for (let n = 0; n < 3; n++) await client.getImage(as('p'), other);
    expect(asked).toHaveLength(4);
  });

  it('is not remembered past a change of our own', async () => {
    answer = () => ({ status: 200, json: image() });
    await client.getImage(as('p'), ID);
    await client.asCaller('t').change(as('p'), ID, { set: { 'a/b': 'c' }, remove: [] });
    await client.getImage(as('p'), ID);
    expect(asked).toEqual([`GET /v2/images/${ID}`, `PATCH /v2/images/${ID}`, `GET /v2/images/${ID}`]);
  });

  it.each([
    ['private, its owner', { visibility: 'private' }, as('p'), true],
    ['private, another project', { visibility: 'private' }, as('q'), false],
    ['private, an administrator', { visibility: 'private' }, as('q', true), true],
    ['private, no caller at all', { visibility: 'private' }, { requestId: 'r' }, true],
    ['public', { visibility: 'public' }, as('q'), true],
    ['community', { visibility: 'community' }, as('q'), true],
    [
      'without an owner, a caller without a project',
      { visibility: 'private', owner: null },
      { requestId: 'r', principal: { userId: 'u', roles: [], isAdmin: false } },
      false,
    ],
  ])('%s: may be seen or not, also when another caller was asked for it before', async (_who, fields, ctx, seen) => {
    answer = () => ({ status: 200, json: image(fields) });
    await client.getImage(as('p'), ID);
    expect((await client.getImage(ctx as Ctx, ID)) !== undefined).toBe(seen);
  });

  it('that is shared is seen by its members', async () => {
    answer = ({ url = '' }) =>
      url.includes('/members/')
        ? { status: url.endsWith('/member') ? 200 : 404, json: {} }
        : { status: 200, json: image({ visibility: 'shared' }) };
    expect(await client.getImage(as('member'), ID)).toBeDefined();
    expect(await client.getImage(as('stranger'), ID)).toBeUndefined();
  });

  it('that is none is not asked for by a path of the caller’s making', async () => {
    answer = () => ({ status: 404 });
    expect(await client.getImage(as('p'), '../../v3/users')).toBeUndefined();
    expect(await client.getImage(as('p'), ID)).toBeUndefined();
    expect(asked).toEqual([`GET /v2/images/${ID}`]);
  });

  it('whose service fails is an error that names the service', async () => {
    answer = () => ({ status: 500 });
    await expect(client.getImage(as('p'), ID)).rejects.toMatchObject({
      kind: 'dependency',
      message: expect.stringContaining('image service'),
    });
    answer = () => ({ status: 403 });
    await expect(client.getImage(as('p'), ID)).rejects.toMatchObject({ kind: 'dependency', code: 'image.unexpected' });
  });
});

describe('images', () => {
  it("are created in the caller's name, with free attributes beside the others", async () => {
    let sent: unknown;
    answer = ({ headers }, body) => {
      sent = [headers['x-auth-token'], JSON.parse(body)];
      return { status: 201, json: image({ status: 'queued' }) };
    };
    const made = await client.asCaller('t').create(as('p'), { id: ID, name: 'snap', properties: { base_image_ref: 'b' } });
    expect([made.status, sent]).toEqual(['queued', ['t', { id: ID, name: 'snap', base_image_ref: 'b' }]]);
    answer = () => ({ status: 403 });
    await expect(client.asCaller('t').create(as('p'), { name: 'snap' })).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('are listed with our own rights where nobody asked', async () => {
    const tokens: unknown[] = [];
    answer = ({ headers }) => {
      tokens.push(headers['x-auth-token']);
      return { status: 200, json: { images: [image()] } };
    };
    expect(await client.asSelf().list(as('p'), { filters: { image_type: 'backup' }, limit: 5 })).toHaveLength(1);
    expect(tokens).toEqual([undefined]);
  });

  it.each([
    [204, 'deleted'],
    [404, 'not-found'],
    [403, 'refused'],
    [409, 'refused'],
  ])('deleted with %i are %s', async (status, outcome) => {
    answer = () => ({ status });
    expect(await client.deleteImage(as('p'), ID)).toBe(outcome);
  });
});

describe('C1: images as a caller', () => {
  it('are asked for with the token of the caller, never with our own', async () => {
    const tokens: unknown[] = [];
    answer = ({ method, headers }) => {
      tokens.push(headers['x-auth-token']);
      return { status: method === 'DELETE' ? 204 : 200, json: image() };
    };
    const images = client.asCaller('the-callers');
    await images.get(as('p'), ID);
    await images.change(as('p'), ID, { set: { a: '1' }, remove: ['hw_rng'] });
    await images.delete(as('p'), ID);
    expect(tokens).toEqual(['the-callers', 'the-callers', 'the-callers']);
  });

  it('are changed in one request, and listed page by page up to the limit', async () => {
    let sent = '';
    answer = (_request, body) => {
      sent = body;
      return { status: 200, json: image() };
    };
    await client.asCaller('t').change(as('p'), ID, { set: { 'a/b': '1' }, remove: ['x~y'] });
    expect(JSON.parse(sent)).toEqual([
      { op: 'remove', path: '/x~0y' },
      { op: 'add', path: '/a~1b', value: '1' },
    ]);
    answer = ({ url = '' }) => ({
      status: 200,
      json: { images: [image({ name: url.includes('marker') ? 'b' : 'a' })], next: '/v2/images?marker=x' },
    });
    asked.length = 0;
    const found = await client.asCaller('t').list(as('p'), { filters: { name: 'n', limit: '9' }, limit: 2 });
    expect(found.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(asked).toEqual(['GET /v2/images?name=n&limit=2', 'GET /v2/images?marker=x']);
  });

  it.each([
    [400, 'invalid-input'],
    [401, 'forbidden'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [409, 'conflict'],
    [413, 'quota'],
    [418, 'dependency'],
  ])('refused with %i are an error of kind %s', async (status, kind) => {
    answer = () => ({ status });
    const images = client.asCaller('t');
    await expect(images.get(as('p'), ID)).rejects.toMatchObject({ kind });
    await expect(images.change(as('p'), ID, { set: { a: 'b' }, remove: [] })).rejects.toMatchObject({ kind });
    await expect(images.delete(as('p'), ID)).rejects.toMatchObject({ kind });
  });

  it('tell free attributes from others', () => {
    const kinds = ['hw_rng', 'constructor', 'visibility', 'owner', 'status', 'id', 'deleted', 'os_glance_stage'].map(
      attributeKind,
    );
    expect(kinds).toEqual(['free', 'free', 'base', 'base', 'read-only', 'read-only', 'read-only', 'read-only']);
  });
});

describe('data', () => {
  it('flows both ways', async () => {
    let stored = '';
    answer = ({ method, headers }, body) => {
      expect([headers['x-auth-token'], headers['content-type']]).toEqual(['own', 'application/octet-stream']);
      if (method === 'GET') return { status: 200, text: stored };
      stored = body;
      return { status: 204 };
    };
    expect(await client.data.upload(as('p'), ID, Readable.from([Buffer.from('a'), Buffer.from('b')]))).toBe('stored');
    expect(
      await new Response(Readable.toWeb((await client.data.download(as('p'), ID)) as Readable) as ReadableStream).text(),
    ).toBe('ab');
  });

  it.each([
    [404, 'not-found'],
    [410, 'not-found'],
    [409, 'refused'],
  ])('that is not taken with %i is %s', async (status, outcome) => {
    answer = () => ({ status });
    expect(await client.data.upload(as('p'), ID, Readable.from([Buffer.from('a')]))).toBe(outcome);
  });

  it('that is not wanted any more ends on both sides, with the reason', async () => {
    answer = () => ({ status: 204 });
    const abort = new AbortController();
    const endless = new Readable({ read: () => undefined });
    const upload = client.data.upload(as('p'), ID, endless, abort.signal);
    abort.abort(new Error('not wanted'));
    await expect(upload).rejects.toThrow('not wanted');
    expect(endless.destroyed).toBe(true);
  });

  it('whose source breaks is not stored, and the error is that of the source', async () => {
    answer = () => ({ status: 204 });
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('a');
        throw new Error('the disk is gone');
      })(),
    );
    await expect(client.data.upload(as('p'), ID, broken)).rejects.toThrow('the disk is gone');
    expect(asked).toEqual([]);
  });

  it('of nothing is nothing', async () => {
    answer = () => ({ status: 204 });
    expect(await client.data.download(as('p'), ID)).toBeUndefined();
  });
});
