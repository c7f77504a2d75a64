import { readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ImageFixture } from '../testing/image-fixture.js';

let images: ImageFixture;
const LIMITS = { maxImagesPerProject: 5, maxBytesPerProject: 1_000, maxUploadsPerProject: 2 };

beforeEach(async () => {
  images = new ImageFixture(LIMITS);
  await images.start();
});
afterEach(() => images.end());

const A = 'alice:project-a';
const B = 'bob:project-b';
const upload = (id: string, bytes: number, as = A) =>
  images.ask('PUT', `/v2/images/${id}/file`, { data: Buffer.alloc(bytes), as });
const post = (fields: object, as = A) => images.ask('POST', '/v2/images', { json: { name: 'i', ...fields }, as });
const files = () => readdirSync(join(images.folder, 'data'));

/** An upload that sends half and waits. */
function begin(id: string, bytes: number, as = A) {
  const { hostname, port } = new URL(images.url);
  const headers = {
    'x-auth-token': as,
    'x-roles': 'member',
    'content-type': 'application/octet-stream',
    'content-length': bytes,
  };
  const sending = httpRequest({ hostname, port, path: `/v2/images/${id}/file`, method: 'PUT', headers });
  const status = new Promise<number | undefined>((resolve) => {
    sending.on('response', (response) => resolve(response.resume().statusCode));
    sending.on('error', () => resolve(undefined));
  });
  sending.write(Buffer.alloc(bytes / 2, 'A'));
  return { status, end: () => sending.end(Buffer.alloc(bytes / 2, 'A')), destroy: () => sending.destroy() };
}
const started = (count = 1) => vi.waitFor(() => expect(files().filter((file) => file.endsWith('.part'))).toHaveLength(count));

describe('M6: the id of a deleted image', () => {
  it('is not given again, not after a restart either', async () => {
    const { id } = await images.create({ visibility: 'community' }, B);
    expect((await images.ask('DELETE', `/v2/images/${id}`, { as: B })).status).toBe(204);
    expect((await post({ id })).status).toBe(409);
    await images.restart();
    expect([(await post({ id })).status, (await post({ id }, B)).status]).toEqual([409, 409]);
    expect((await images.ask('GET', `/v2/images/${id}`)).status).toBe(404);
  });

  it('does not take the data of an upload that began before', async () => {
    const { id } = await images.create({}, A);
    const sending = begin(id, 100);
    await started();
    expect((await images.ask('DELETE', `/v2/images/${id}`, { as: A })).status).toBe(204);
    expect((await post({ id }, B)).status).toBe(409);
    sending.end();
    expect(await sending.status).toBe(410);
    await vi.waitFor(() => expect(files()).toEqual([]));
  });
});

describe('M7: a project', () => {
  it('owns so many images, also by being given them', async () => {
    const statuses = (await Promise.all(Array.from({ length: 7 }, () => post({})))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, 201, 201, 201, 201, 413, 413]);
    expect((await post({}, B)).status).toBe(201);
    const { id } = await images.create();
    const give = { json: [{ op: 'replace', path: '/owner', value: 'project-a' }] };
    expect((await images.ask('PATCH', `/v2/images/${id}`, give)).status).toBe(413);
  });

  it('holds so many bytes, those on their way included', async () => {
    const ids = [];
    for (let at = 0; at < 3; at++) ids.push((await images.create({}, A)).id);
    expect((await upload(ids[0], 600)).status).toBe(204);
    const sending = begin(ids[1], 1000);
    expect(await sending.status.finally(sending.destroy)).toBe(413);
    expect((await upload(ids[2], 401)).status).toBe(413);
    expect((await upload(ids[2], 400)).status).toBe(204);
    expect(files().sort()).toEqual([ids[0], ids[2]].sort());
    await images.restart();
    expect((await upload(ids[1], 1)).status).toBe(413);
    await images.ask('DELETE', `/v2/images/${ids[0]}`, { as: A });
    expect((await upload(ids[1], 600)).status).toBe(204);
  });

  it('sends so many images at once', async () => {
    const ids = [];
    for (let at = 0; at < 3; at++) ids.push((await images.create({}, A)).id);
    const under = ids.slice(0, 2).map((id) => begin(id, 100));
    await started(2);
    const refused = await upload(ids[2], 10);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    for (const sending of under) sending.end();
    expect(await Promise.all(under.map(({ status }) => status))).toEqual([204, 204]);
    expect((await upload(ids[2], 10)).status).toBe(204);
  });
});

describe('M7: an image', () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, 'v']));

  it.each<[string, object, number]>([
    ['128 properties', many(128), 201],
    ['129 properties', many(129), 413],
    ['a name of 255', { ['n'.repeat(255)]: 'v' }, 201],
    ['a name of 256', { ['n'.repeat(256)]: 'v' }, 400],
    ['a value of 4096', { p: 'v'.repeat(4096) }, 201],
    ['a value of 4097', { p: 'v'.repeat(4097) }, 400],
    ['17 long values', Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`p${at}`, 'v'.repeat(4096)])), 413],
    ['128 tags', { tags: Object.keys(many(128)) }, 201],
    ['129 tags', { tags: Object.keys(many(129)) }, 413],
    ['a tag of 256', { tags: ['t'.repeat(256)] }, 400],
  ])('with %s', async (_what, fields, status) => {
    expect((await post(fields)).status).toBe(status);
  });

  it('has at most 128 tags however they are set', async () => {
    const { id } = await images.create({ tags: Object.keys(many(127)) }, A);
    const put = async (tag: string) => (await images.ask('PUT', `/v2/images/${id}/tags/${tag}`, { as: A })).status;
    expect([await put('a'), await put('b'), await put('a'), await put('t'.repeat(256))]).toEqual([204, 413, 204, 400]);
  });
});

it('M7: a page is bounded in size, and the list goes on', async () => {
  await images.end();
  images = new ImageFixture({ ...LIMITS, maxImagesPerProject: 200 });
  await images.start();
  const big = Object.fromEntries(Array.from({ length: 15 }, (_, at) => [`p${at}`, 'v'.repeat(4096)]));
  for (let at = 0; at < 80; at++) await post(big);
  const seen = new Set<string>();
  let path: string | undefined = '/v2/images?limit=1000';
  const sizes = [];
  while (path !== undefined) {
    const { body } = await images.ask('GET', path, { as: A });
    sizes.push(JSON.stringify(body).length);
    for (const { id } of body.images) seen.add(id);
    path = body.next;
  }
  expect([seen.size, sizes.length]).toEqual([80, 2]);
  expect(Math.max(...sizes)).toBeLessThan(5_000_000);
});

it('L16: an upload that its client broke off is no failure of the service', async () => {
  const { id } = await images.create({}, A);
  const sending = begin(id, 100);
  await started();
  sending.destroy();
  await vi.waitFor(() => expect(images.logged.some(({ status }) => status === 400)).toBe(true));
  expect(images.logged.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  await vi.waitFor(() => expect(files()).toEqual([]));
});
