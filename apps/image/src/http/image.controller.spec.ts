import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImageFixture } from '../testing/image-fixture.js';

let images: ImageFixture;

beforeEach(async () => {
  images = new ImageFixture();
  await images.start();
});

afterEach(() => images.end());

const names = async (query: string, as?: string): Promise<string[]> =>
  (await images.ask('GET', `/v2/images${query}`, { as })).body.images.map((image: { name: string }) => image.name);
const patch = (id: string, json: unknown, as?: string) => images.ask('PATCH', `/v2/images/${id}`, { json, as });

describe('an image', () => {
  it('is shown with its free attributes beside its own', async () => {
    const id = '1ea035e0-e44d-40eb-bfcf-f7f85c886e0f';
    const answer = await images.ask('POST', '/v2/images', {
      json: { id, name: 'cirros', disk_format: 'raw', container_format: 'bare', hw_rng: 'x', min_ram: 64 },
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([201, `${images.url}/v2/images/${id}`]);
    expect(answer.body).toEqual({
      hw_rng: 'x',
      name: 'cirros',
      disk_format: 'raw',
      container_format: 'bare',
      visibility: 'shared',
      size: null,
      virtual_size: null,
      status: 'queued',
      checksum: null,
      protected: false,
      min_ram: 64,
      min_disk: 0,
      owner: 'root',
      os_hidden: false,
      os_hash_algo: null,
      os_hash_value: null,
      id,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      updated_at: expect.any(String),
      tags: [],
      self: `/v2/images/${id}`,
      file: `/v2/images/${id}/file`,
      schema: '/v2/schemas/image',
    });
    expect((await images.ask('POST', '/v2/images', { json: { id } })).status).toBe(409);
  });

  it('that is not there is told as a page, as clients expect', async () => {
    const answer = await images.ask('GET', '/v2/images/cirros');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8']);
    expect(answer.body).toContain('No image found with ID cirros');
  });

  it.each([
    ['a status', { status: 'active' }, 403],
    ['a size', { size: 1 }, 403],
    ['an attribute that is no text', { x: 1 }, 400],
    ['an unknown format', { disk_format: 'floppy' }, 400],
    ['a negative memory', { min_ram: -1 }, 400],
    ['an id that is no uuid', { id: 'x' }, 400],
    ['an unknown visibility', { visibility: 'secret' }, 400],
  ])('cannot be created with %s', async (_what, json, status) => {
    expect((await images.ask('POST', '/v2/images', { json })).status).toBe(status);
  });

  it('is changed by patches, all or nothing', async () => {
    const { id } = await images.create({ a: '1', 'b/c': '2' });
    const changed = await patch(id, [
      { op: 'replace', path: '/name', value: 'n' },
      { op: 'add', path: '/d', value: '3' },
      { op: 'remove', path: '/b~1c' },
      { op: 'replace', path: '/tags', value: ['t', 't'] },
    ]);
    expect([changed.status, changed.body]).toEqual([200, expect.objectContaining({ name: 'n', a: '1', d: '3', tags: ['t'] })]);
    expect(changed.body['b/c']).toBeUndefined();
    expect(
      (
        await patch(id, [
          { op: 'replace', path: '/a', value: '9' },
          { op: 'remove', path: '/none' },
        ])
      ).status,
    ).toBe(409);
    expect((await images.ask('GET', `/v2/images/${id}`)).body.a).toBe('1');
  });

  it.each([
    ['removes an own attribute', { op: 'remove', path: '/name' }, 403],
    ['sets what the service sets', { op: 'replace', path: '/status', value: 'active' }, 403],
    ['replaces what is not there', { op: 'replace', path: '/none', value: 'x' }, 409],
    ['goes deeper than attributes', { op: 'add', path: '/a/b', value: 'x' }, 400],
    ['is no operation', { op: 'move', path: '/a' }, 400],
  ])('stays as it is when a patch %s', async (_what, operation, status) => {
    const { id } = await images.create();
    expect((await patch(id, [operation])).status).toBe(status);
  });

  it('is patched in the older form too', async () => {
    const { id } = await images.create({ a: '1' });
    const json = [{ replace: '/name', value: 'n' }, { add: '/b', value: '2' }, { remove: '/a' }];
    const { status, body } = await images.ask('PATCH', `/v2/images/${id}`, {
      json,
      type: 'application/openstack-images-v2.0-json-patch',
    });
    expect([status, body.name, body.a, body.b]).toEqual([200, 'n', undefined, '2']);
    for (const bad of [{ value: 'x' }, { replace: 1 }, { replace: '/name', add: '/x', value: 'y' }])
      expect([bad, (await patch(id, [bad])).status]).toEqual([bad, 400]);
  });

  it('is patched with a media type of its own', async () => {
    const { id } = await images.create();
    expect((await images.ask('PATCH', `/v2/images/${id}`, { json: [], type: 'application/json' })).status).toBe(415);
  });

  it('that is protected stays', async () => {
    const { id } = await images.create({ protected: true });
    expect((await images.ask('DELETE', `/v2/images/${id}`)).status).toBe(403);
    await patch(id, [{ op: 'replace', path: '/protected', value: false }]);
    expect((await images.ask('DELETE', `/v2/images/${id}`)).status).toBe(204);
  });

  it('has tags that come and go one by one', async () => {
    const { id } = await images.create();
    expect((await images.ask('PUT', `/v2/images/${id}/tags/x`)).status).toBe(204);
    expect((await images.ask('GET', `/v2/images/${id}`)).body.tags).toEqual(['x']);
    expect((await images.ask('DELETE', `/v2/images/${id}/tags/x`)).status).toBe(204);
    expect((await images.ask('DELETE', `/v2/images/${id}/tags/x`)).status).toBe(404);
    expect((await images.ask('GET', `/v2/images/${id}`)).body.tags).toEqual([]);
  });
});

it('H3: images are closed to tokens of a domain or of the system, whatever their roles', async () => {
  const { id } = await images.create({ visibility: 'public' });
  const scopes: Array<Record<string, string>> = [{ 'x-domain-id': 'd' }, { 'openstack-system-scope': 'all' }];
  for (const scope of scopes) {
    for (const path of ['/v2/images', `/v2/images/${id}`, `/v2/images/${id}/file`, '/v2/schemas/image']) {
      const headers = { 'x-auth-token': 'admin', 'x-roles': 'admin', ...scope };
      expect([path, (await fetch(`${images.url}${path}`, { headers })).status]).toEqual([path, 403]);
    }
  }
});

describe('other projects', () => {
  it('see what is public, and may not change it', async () => {
    const open = await images.create({ name: 'open', visibility: 'public' });
    const hidden = await images.create({ name: 'hidden', visibility: 'private' }, 'u:p');
    expect((await images.ask('GET', `/v2/images/${hidden.id}`, { as: 'v:q' })).status).toBe(404);
    expect((await images.ask('DELETE', `/v2/images/${hidden.id}`, { as: 'v:q' })).status).toBe(404);
    expect((await images.ask('DELETE', `/v2/images/${open.id}`, { as: 'v:q' })).status).toBe(403);
    expect((await patch(open.id, [{ op: 'add', path: '/x', value: 'y' }], 'v:q')).status).toBe(403);
    expect((await images.ask('PUT', `/v2/images/${open.id}/file`, { as: 'v:q', data: 'x' })).status).toBe(403);
    expect([await names('', 'v:q'), (await names('', 'u:p')).sort()]).toEqual([['open'], ['hidden', 'open']]);
  });

  it('may not publish, nor give away', async () => {
    const member = 'u:p';
    expect((await images.ask('POST', '/v2/images', { as: member, json: { visibility: 'public' } })).status).toBe(403);
    expect((await images.ask('POST', '/v2/images', { as: member, json: { owner: 'q' } })).status).toBe(403);
    const { id } = await images.create({}, member);
    expect((await patch(id, [{ op: 'replace', path: '/visibility', value: 'public' }], member)).status).toBe(403);
    expect((await patch(id, [{ op: 'replace', path: '/owner', value: 'q' }], member)).status).toBe(403);
    expect((await patch(id, [{ op: 'replace', path: '/name', value: 'mine' }], member)).status).toBe(200);
  });

  it('find community images when they ask for them', async () => {
    await images.create({ name: 'c', visibility: 'community' });
    expect([await names('', 'v:q'), await names('?visibility=community', 'v:q')]).toEqual([[], ['c']]);
  });
});

describe('a list', () => {
  beforeEach(async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await images.create({ name, flavor: name === 'a' ? 'x' : 'y' });
  });

  it('is narrowed by attributes, own and free', async () => {
    expect(await names('?name=b')).toEqual(['b']);
    expect((await names('?name=in:a,b')).sort()).toEqual(['a', 'b']);
    expect(await names('?flavor=x')).toEqual(['a']);
    expect(await names('?status=active')).toEqual([]);
    expect(await names('?owner=nobody')).toEqual([]);
    const { id } = await images.create({ name: 'full' });
    await images.ask('PUT', `/v2/images/${id}/file`, { data: 'four' });
    expect([await names('?size=4'), await names('?size_min=4'), await names('?size_max=3')]).toEqual([['full'], ['full'], []]);
  });

  it('comes in pages that link on', async () => {
    const seen: string[] = [];
    let path = '/v2/images?limit=2&sort=name:asc';
    for (let page = 0; page < 3; page++) {
      const { body } = await images.ask('GET', path);
      seen.push(...body.images.map((image: { name: string }) => image.name));
      expect(body.first).toBe('/v2/images?limit=2&sort=name%3Aasc');
      expect(body.next === undefined).toBe(page === 2);
      path = body.next;
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('is narrowed by time', async () => {
    expect(await names('?updated_at=gte:2000-01-01T00:00:00Z&limit=1')).toHaveLength(1);
    expect(await names('?updated_at=gte:2999-01-01T00:00:00Z')).toEqual([]);
    expect(await names('?created_at=lt:2000-01-01T00:00:00Z')).toEqual([]);
  });

  it('refuses what it cannot understand', async () => {
    for (const query of ['?updated_at=gte:x', '?limit=x', '?marker=none', '?sort=colour', '?sort=name:up', '?size_min=x']) {
      expect([query, (await images.ask('GET', `/v2/images${query}`)).status]).toEqual([query, 400]);
    }
  });
});

describe('the service', () => {
  it('tells its versions without a token', async () => {
    const answer = await images.ask('GET', '/', { as: '' });
    expect([answer.status, answer.body.versions[0]]).toEqual([
      300,
      { id: 'v2.15', status: 'CURRENT', links: [{ rel: 'self', href: `${images.url}/v2/` }] },
    ]);
    expect((await images.ask('GET', '/v2/images', { as: '' })).status).toBe(401);
  });

  it('describes its images', async () => {
    const { body } = await images.ask('GET', '/v2/schemas/image');
    expect(body).toMatchObject({ name: 'image', additionalProperties: { type: 'string' } });
    expect((await images.ask('GET', '/v2/info/import')).body['import-methods'].value).toEqual([]);
  });
});
