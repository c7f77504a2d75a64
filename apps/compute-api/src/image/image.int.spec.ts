import { beforeEach, describe, expect, it } from 'vitest';
import { imageDocument } from '../spec-support/image-shelf.js';
import { IMAGE, useServerCloud } from '../spec-support/server-cloud.js';

const METADATA = `/images/${IMAGE}/metadata`;
const OTHER = IMAGE.replace('7', '8');

describe('C1: images behind the compute API', () => {
  const cloud = useServerCloud();
  const images = cloud.images;
  beforeEach(() => {
    images.documents.clear();
    images.documents.set(IMAGE, imageDocument({ free: 'x' }));
    images.readers.clear();
    images.askedAs.length = 0;
    images.refusal = undefined;
  });
  const post = (metadata: Record<string, string>, as = 'u:p', roles = 'member') =>
    cloud.call('POST', METADATA, { at: '2.38', as, roles, body: { metadata } });

  it('C1: are touched with the token of the caller alone', async () => {
    expect((await post({ a: '1' })).status).toBe(200);
    expect((await cloud.call('DELETE', `/images/${IMAGE}`, { at: '2.35' })).status).toBe(204);
    await cloud.call('GET', '/images/detail', { at: '2.35' });
    expect(new Set(images.askedAs.map(({ token }) => token))).toEqual(new Set(['u:p']));
  });

  it('C1: are not changed, published, given away or deleted by who may not', async () => {
    images.readers.add('r:p');
    expect((await post({ a: '1' }, 'r:p', 'reader')).status).toBe(403);
    expect((await cloud.call('DELETE', `/images/${IMAGE}`, { at: '2.35', as: 'r:p', roles: 'custom' })).status).toBe(403);
    expect(images.documents.get(IMAGE)).toEqual(imageDocument({ free: 'x' }));
  });

  it.each([
    ['visibility', 400],
    ['owner', 400],
    ['name', 400],
    ['protected', 400],
    ['tags', 400],
    ['os_hidden', 400],
    ['status', 403],
    ['id', 403],
    ['locations', 403],
    ['os_hash_value', 403],
    ['os_glance_importing_to_stores', 403],
  ])('C1: take no %s as metadata (%i)', async (name, status) => {
    expect((await post({ [name]: 'public' })).status).toBe(status);
    expect((await cloud.call('PUT', METADATA, { at: '2.38', body: { metadata: { [name]: 'x' } } })).status).toBe(status);
    expect((await cloud.call('PUT', `${METADATA}/${name}`, { at: '2.38', body: { meta: { [name]: 'x' } } })).status).toBe(status);
    expect(images.askedAs).toEqual([]);
  });

  it.each([400, 403, 404, 409, 413])('C1: refused by the image service with %i are refused with it', async (status) => {
    images.refusal = status;
    const replies = [
      await cloud.call('GET', `/images/${IMAGE}`, { at: '2.35' }),
      await cloud.call('DELETE', `/images/${IMAGE}`, { at: '2.35' }),
      await cloud.call('GET', '/images', { at: '2.35' }),
      await cloud.call('GET', METADATA, { at: '2.38' }),
      await post({ a: '1' }),
    ];
    expect(replies.map((reply) => reply.status)).toEqual(replies.map(() => status));
  });

  it('C1: are filtered and paged by the image service', async () => {
    images.documents.set(OTHER, imageDocument({ id: OTHER, name: 'second' }));
    const query = 'name=n&status=SAVING&minRam=1&minDisk=2&type=t&server=http://x/servers/s&property-a=b&property-limit=9';
    await cloud.call('GET', `/images?${query}&changes-since=2026-01-01T00:00:00Z&limit=5`, { at: '2.35' });
    expect(Object.fromEntries(new URL(images.askedAs[0]?.path as string, 'http://i').searchParams)).toEqual({
      a: 'b',
      name: 'n',
      status: 'in:queued,saving,importing',
      min_ram: '1',
      min_disk: '2',
      image_type: 't',
      instance_uuid: 's',
      updated_at: 'gte:2026-01-01T00:00:00Z',
      limit: '5',
    });
    const first = await cloud.call('GET', '/images?limit=1', { at: '2.35' });
    expect(first.body.images.map(({ id }: { id: string }) => id)).toEqual([IMAGE]);
    const rest = await cloud.call('GET', `/images?limit=1&marker=${IMAGE}`, { at: '2.35' });
    expect(rest.body.images.map(({ id }: { id: string }) => id)).toEqual([OTHER]);
    expect((await cloud.call('GET', '/images?changes-since=yesterday', { at: '2.35' })).status).toBe(400);
  });

  it('L13: have no attributes that objects are born with', async () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      const at = '2.38';
      expect((await cloud.call('GET', `${METADATA}/${name}`, { at })).status).toBe(404);
      expect((await cloud.call('DELETE', `${METADATA}/${name}`, { at })).status).toBe(404);
      expect((await cloud.call('PUT', `${METADATA}/${name}`, { at, body: { meta: { a: 'b' } } })).status).toBe(400);
    }
  });
});
