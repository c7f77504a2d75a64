import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { computeApiConfig, startComputeApi } from '@kilonova/compute-api';
import { loadConfig } from '@kilonova/config';
import type { Authenticate } from '@kilonova/http';
import { imageTransport, keystoneSection, type ServiceSession } from '@kilonova/identity-client';
import { imageSection, startImage } from '@kilonova/image';
import { ImageClient } from '@kilonova/image-client';
import { createLogger } from '@kilonova/observability';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

/** The token is `role:project`, for both services. */
const authenticate: Authenticate = (headers) => {
  const [role = '', projectId = ''] = String(headers['x-auth-token'] ?? '').split(':');
  const caller = { userId: `${role}-${projectId}`, projectId, roles: [role], isAdmin: false };
  return Promise.resolve(role === '' ? undefined : caller);
};

/** Nothing here may be done with the rights of the service itself. */
const noSession: ServiceSession = {
  token: () => Promise.reject(new Error('the service was asked for a token of its own')),
  endpoint: () => Promise.reject(new Error('the catalog was asked')),
  discard: () => undefined,
};

interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into responses of every shape
  readonly body: any;
}

describe('C1: images of the image service through the compute API', () => {
  const folder = mkdtempSync(join(tmpdir(), 'images-'));
  const urls = { image: '', compute: '' };
  const closing: Array<() => Promise<void>> = [];
  let id = '';

  const ask = async (url: string, method: string, path: string, as: string, body?: unknown): Promise<Reply> => {
    const headers = { 'x-auth-token': as, 'content-type': 'application/json' };
    const reply = await fetch(`${url}${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await reply.text();
    return { status: reply.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  };
  const compute = (method: string, path: string, as: string, body?: unknown) =>
    ask(urls.compute, method, `/v2.1${path}`, as, body);
  const image = async (path = `/v2/images/${id}`, as = 'admin:root') => (await ask(urls.image, 'GET', path, as)).body;
  const create = async (fields: object, as = 'member:a') =>
    (await ask(urls.image, 'POST', '/v2/images', as, { name: 'mine', ...fields })).body.id as string;

  beforeAll(async () => {
    const settings = loadConfig({
      sections: [imageSection, keystoneSection],
      env: {},
      flags: { image: { port: 0, stateDir: folder } },
    });
    const running = await startImage(
      { image: settings.get(imageSection), keystone: settings.get(keystoneSection) },
      { authenticate, logger: createLogger({ name: 'image', level: 'silent' }) },
    );
    urls.image = running.url;
    const images = new ImageClient(imageTransport(noSession, running.url));
    const apiDatabase = { url: 'postgresql://nobody@127.0.0.1:1/none' };
    const config = loadConfig({
      sections: computeApiConfig,
      env: {},
      defaults: { http: { port: 0 }, apiDatabase, messaging: { url: 'memory://image-proxy' } },
    });
    const api = await startComputeApi(config, createLogger({ name: 'compute-api', level: 'silent' }), { authenticate, images });
    urls.compute = api.url;
    closing.push(
      () => api.close(),
      () => running.close(),
    );
  });
  afterAll(async () => {
    for (const close of closing) await close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    id = await create({ visibility: 'private', free: 'x' });
  });

  it.each(['reader', 'custom'])(
    'C1: the role %s of the project changes nothing, as in the image service itself',
    async (role) => {
      const as = `${role}:a`;
      const before = await image();
      const metadata = `/images/${id}/metadata`;
      const tries = [
        await compute('POST', metadata, as, { metadata: { a: '1' } }),
        await compute('PUT', metadata, as, { metadata: { a: '1' } }),
        await compute('PUT', `${metadata}/free`, as, { meta: { free: 'y' } }),
        await compute('DELETE', `${metadata}/free`, as),
        await compute('DELETE', `/images/${id}`, as),
      ];
      expect(tries.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
      expect(await image()).toEqual(before);
    },
  );

  it('C1: nobody publishes an image or gives it away', async () => {
    for (const as of ['reader:a', 'member:a', 'admin:root']) {
      for (const metadata of [{ visibility: 'public' }, { owner: 'b', name: 'cirros' }])
        expect((await compute('POST', `/images/${id}/metadata`, as, { metadata })).status).toBe(400);
      expect((await compute('POST', `/images/${id}/metadata`, as, { metadata: { status: 'deleted' } })).status).toBe(403);
    }
    expect(await image()).toMatchObject({ visibility: 'private', owner: 'a', name: 'mine' });
    expect((await compute('GET', `/images/${id}`, 'member:b')).status).toBe(404);
  });

  it('C1: a member of the owner changes free attributes and deletes the image, others do not', async () => {
    const changed = await compute('PUT', `/images/${id}/metadata`, 'member:a', { metadata: { other: 'z' } });
    expect([changed.status, changed.body]).toEqual([200, { metadata: { other: 'z' } }]);
    expect(await image()).toMatchObject({ other: 'z', owner: 'a' });
    expect(await image()).not.toHaveProperty('free');
    expect((await compute('DELETE', `/images/${id}`, 'member:b')).status).toBe(404);
    expect((await compute('DELETE', `/images/${id}`, 'member:a')).status).toBe(204);
    expect((await compute('GET', `/images/${id}`, 'member:a')).status).toBe(404);
  });

  it('C1: a protected image stays, and too many attributes are refused', async () => {
    id = await create({ protected: true });
    expect((await compute('DELETE', `/images/${id}`, 'member:a')).status).toBe(403);
    const long = { metadata: { a: 'x'.repeat(256) } };
    expect((await compute('POST', `/images/${id}/metadata`, 'member:a', long)).status).toBe(400);
  });

  it('C1: lists hold what the caller may see, filtered and paged', async () => {
    await create({ name: 'theirs', visibility: 'private' }, 'member:b');
    const names = async (query: string, as = 'member:b'): Promise<string[]> =>
      (await compute('GET', `/images/detail?${query}`, as)).body.images.map(({ name }: { name: string }) => name);
    expect(await names('')).toEqual(['theirs']);
    expect(await names('status=SAVING&name=theirs')).toEqual(['theirs']);
    expect(await names('status=ACTIVE')).toEqual([]);
    expect(await names('changes-since=2020-01-01T00:00:00Z')).toEqual(['theirs']);
    expect(await names('changes-since=2999-01-01T00:00:00Z')).toEqual([]);
    expect(await names(`property-free=x&limit=1`, 'member:a')).toEqual(['mine']);
    const first = (await compute('GET', '/images?limit=1', 'admin:root')).body;
    const marker = first.images[0].id as string;
    const second = (await compute('GET', `/images?limit=1&marker=${marker}`, 'admin:root')).body;
    expect(second.images[0].id).not.toBe(marker);
    expect(first.images_links).toHaveLength(1);
    expect((await compute('GET', '/images?marker=none', 'member:b')).status).toBe(400);
  });
});
