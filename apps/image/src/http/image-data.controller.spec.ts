import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ImageFixture } from '../testing/image-fixture.js';

let images: ImageFixture;

beforeEach(async () => {
  images = new ImageFixture({ maxImageBytes: 1_000_000 });
  await images.start();
});

afterEach(() => images.end());

const DATA = Buffer.from('kilonova'.repeat(10_000));
const upload = (id: string, data: NonNullable<RequestInit['body']> = DATA) =>
  images.ask('PUT', `/v2/images/${id}/file`, { data });
const show = async (id: string) => (await images.ask('GET', `/v2/images/${id}`)).body;
const files = () => readdirSync(join(images.folder, 'data'));

describe('data', () => {
  it('is stored whole, with its sums, and given back', async () => {
    const { id, status } = await images.create();
    expect(status).toBe('queued');
    expect((await images.ask('GET', `/v2/images/${id}/file`)).status).toBe(204);
    expect((await upload(id)).status).toBe(204);
    const checksum = createHash('md5').update(DATA).digest('hex');
    const sha512 = createHash('sha512').update(DATA).digest('hex');
    expect(await show(id)).toMatchObject({
      status: 'active',
      size: DATA.length,
      virtual_size: DATA.length,
      checksum,
      os_hash_algo: 'sha512',
      os_hash_value: sha512,
      stores: 'fs',
    });
    const back = await fetch(`${images.url}/v2/images/${id}/file`, { headers: { 'x-auth-token': 'admin:root' } });
    expect([back.headers.get('content-md5'), back.headers.get('content-length')]).toEqual([checksum, String(DATA.length)]);
    expect(Buffer.from(await back.arrayBuffer()).equals(DATA)).toBe(true);
  });

  it('is taken once', async () => {
    const { id } = await images.create();
    const answers = await Promise.all([upload(id), upload(id)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([204, 409]);
    expect((await upload(id)).status).toBe(409);
  });

  it('wants formats, its own media type, and an image', async () => {
    const bare = (await images.ask('POST', '/v2/images', { json: { name: 'bare' } })).body;
    expect((await upload(bare.id)).status).toBe(400);
    const { id } = await images.create();
    expect((await images.ask('PUT', `/v2/images/${id}/file`, { data: '{}', type: 'application/json' })).status).toBe(415);
    expect((await upload('8c5e4a8e-0000-4000-8000-000000000000')).status).toBe(404);
  });

  it('over the limit is refused, and the image waits for data again', async () => {
    const { id } = await images.create();
    expect((await upload(id, Buffer.alloc(1_000_001))).status).toBe(413);
    expect(await show(id)).toMatchObject({ status: 'queued', size: null });
    expect(files()).toEqual([]);
    expect((await upload(id)).status).toBe(204);
  });

  it('goes with its image', async () => {
    const { id } = await images.create();
    await upload(id);
    expect(files()).toEqual([id]);
    expect((await images.ask('DELETE', `/v2/images/${id}`)).status).toBe(204);
    expect(files()).toEqual([]);
    expect((await images.ask('GET', `/v2/images/${id}`)).status).toBe(404);
  });

  it('of a deactivated image is for administrators', async () => {
    const { id } = await images.create({ visibility: 'public' });
    await upload(id);
    const download = async (as: string) => (await images.ask('GET', `/v2/images/${id}/file`, { as })).status;
    expect((await images.ask('POST', `/v2/images/${id}/actions/deactivate`)).status).toBe(204);
    expect([await download('u:p'), await download('admin:root')]).toEqual([403, 200]);
    expect((await images.ask('POST', `/v2/images/${id}/actions/reactivate`)).status).toBe(204);
    expect(await download('u:p')).toBe(200);
  });

  it('survives a restart', async () => {
    const { id } = await images.create();
    await upload(id);
    await images.restart();
    expect(await show(id)).toMatchObject({ status: 'active' });
    expect((await images.ask('GET', `/v2/images/${id}/file`)).body).toBe(DATA.toString());
  });

  it('of which the size is told by a qcow2 header stands for a larger disk', async () => {
    const header = Buffer.alloc(64);
    header.writeUInt32BE(0x51_46_49_fb, 0);
    header.writeBigUInt64BE(1_073_741_824n, 24);
    const { id } = await images.create({ disk_format: 'qcow2' });
    await upload(id, header);
    expect(await show(id)).toMatchObject({ size: 64, virtual_size: 1_073_741_824 });
  });
});

describe('an upload that broke off', () => {
  it('because the client went leaves a queued image and no file', async () => {
    const { id } = await images.create();
    const { hostname, port } = new URL(images.url);
    const path = `/v2/images/${id}/file`;
    const sending = httpRequest({
      hostname,
      port,
      path,
      method: 'PUT',
      headers: { 'x-auth-token': 'admin:root', 'content-type': 'application/octet-stream', 'content-length': 100_000 },
    });
    sending.on('error', () => undefined);
    sending.write(Buffer.alloc(10_000));
    await vi.waitFor(async () => expect((await show(id)).status).toBe('saving'));
    sending.destroy();
    await vi.waitFor(async () => expect((await show(id)).status).toBe('queued'));
    expect(files()).toEqual([]);
    expect((await upload(id)).status).toBe(204);
  });

  it('because the service was killed leaves a queued image and no file', async () => {
    const { id } = await images.create();
    await images.close();
    const metadata = join(images.folder, 'images', `${id}.json`);
    writeFileSync(metadata, JSON.stringify({ ...JSON.parse(readFileSync(metadata, 'utf8')), status: 'saving' }));
    writeFileSync(join(images.folder, 'data', `${id}.part`), 'half');
    writeFileSync(join(images.folder, 'data', id), 'whole, but nobody was told');
    writeFileSync(join(images.folder, 'images', `${id}.json.1.tmp`), '{"id":');
    await images.start();
    expect(await show(id)).toMatchObject({ status: 'queued', size: null });
    expect(files()).toEqual([]);
    expect(readdirSync(join(images.folder, 'images'))).toEqual([`${id}.json`]);
  });
});

describe('an image that a server is to become', () => {
  const ofServer = { image_type: 'snapshot', instance_uuid: 'a0a0a0a0-0000-4000-8000-000000000000' };
  const agent = 'service:hosts';
  const typed = { ...ofServer, image_type: 'golden' };
  const fill = (id: string) => images.ask('PUT', `/v2/images/${id}/file`, { data: DATA, as: agent });

  it('is filled by a service, which sees how far it is and gets nothing else', async () => {
    const { id } = await images.create(ofServer, 'user:p');
    expect((await fill(id)).status).toBe(204);
    expect(await show(id)).toMatchObject({ status: 'active', owner: 'p', size: DATA.length });
    expect((await images.ask('GET', `/v2/images/${id}`, { as: agent })).body).toMatchObject({ status: 'active' });
    expect((await fill(id)).status).toBe(409);
    expect((await images.ask('GET', `/v2/images/${id}/file`, { as: agent })).status).toBe(404);
    expect((await images.ask('DELETE', `/v2/images/${id}`, { as: agent })).status).toBe(404);
    const patch = [{ op: 'replace', path: '/name', value: 'x' }];
    expect((await images.ask('PATCH', `/v2/images/${id}`, { json: patch, as: agent })).status).toBe(404);
    expect((await images.ask('GET', '/v2/images', { as: agent })).body.images).toEqual([]);
  });

  it.each([
    ['an ordinary image', {}, 404],
    ['a snapshot of no server', { image_type: 'snapshot' }, 404],
  ])('is not %s', async (_what, fields, status) => {
    const { id } = await images.create(fields, 'user:p');
    expect((await fill(id)).status).toBe(status);
    expect((await images.ask('GET', `/v2/images/${id}`, { as: agent })).status).toBe(status);
  });

  it('is filled whatever type its owner gave it', async () => {
    const { id } = await images.create(typed, 'user:p');
    expect((await fill(id)).status).toBe(204);
  });

  it("is not filled by others' members", async () => {
    const { id } = await images.create(ofServer, 'user:p');
    expect((await images.ask('PUT', `/v2/images/${id}/file`, { data: DATA, as: 'user:q' })).status).toBe(404);
  });
});
