import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { SmallDisk } from '@kilonova/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImageFixture } from '../testing/image-fixture.js';
import { BlobStore, type Incoming } from './blob.store.js';

const DISK_BYTES = 1_048_576;
const FULL = { kind: 'invalid-input', message: expect.stringContaining('Image storage media is full') };

const incoming = (data: Readable): Incoming => ({ data, diskFormat: 'raw', take: () => undefined, confirm: () => undefined });

describe('an upload onto a full disk', () => {
  const image = new ImageFixture({ maxImageBytes: 100_000_000 });
  const data = join(image.folder, 'data');
  let disk: SmallDisk | undefined;
  beforeAll(async () => {
    disk = SmallDisk.mount(data, DISK_BYTES);
    await image.start();
  });
  afterAll(async () => {
    await image.close();
    disk?.unmount();
    await image.end();
  });

  it('M1: is refused with 413, leaves nothing behind, and the image takes data when there is room again', async (context) => {
    if (disk === undefined) return context.skip('a small disk cannot be mounted here: needs root');
    disk.fill();
    const { id } = await image.create();
    const upload = async (bytes: number) =>
      (await image.ask('PUT', `/v2/images/${id}/file`, { data: Buffer.alloc(bytes) })).status;
    expect(await upload(1000)).toBe(413);
    expect(readdirSync(data)).toEqual(['filler']);
    expect((await image.ask('GET', `/v2/images/${id}`)).body.status).toBe('queued');
    disk.relieve();
    expect(await upload(1000)).toBe(204);
  });
});

describe('a write that fails for want of room', () => {
  it.each(['ENOSPC', 'EDQUOT'])('M1: (%s) is the client\u2019s 413, its part file gone', async (code) => {
    const folder = mkdtempSync(join(tmpdir(), 'image-full-'));
    const store = await BlobStore.open(folder, () => true);
    const data = Readable.from(
      (async function* () {
        yield Buffer.alloc(1000);
        throw Object.assign(new Error('full'), { code });
      })(),
    );
    await expect(store.write('id', incoming(data))).rejects.toMatchObject(FULL);
    expect(readdirSync(join(folder, 'data'))).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
