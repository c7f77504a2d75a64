import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImageFixture } from '../testing/image-fixture.js';
import { BlobStore, type Incoming } from './blob.store.js';

const DISK_BYTES = 1_048_576;
const FULL = { kind: 'invalid-input', message: expect.stringContaining('Image storage media is full') };

/** Makes a small disk of a folder; false where that is not allowed. */
function mounted(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const incoming = (data: Readable): Incoming => ({ data, diskFormat: 'raw', take: () => undefined, confirm: () => undefined });
const free = (folder: string): number => statfsSync(folder).bavail * statfsSync(folder).bsize;

describe('an upload onto a full disk', () => {
  const image = new ImageFixture({ maxImageBytes: 100_000_000 });
  const data = join(image.folder, 'data');
  let isDisk = false;
  beforeAll(async () => {
    mkdirSync(data);
    isDisk = mounted(data);
    await image.start();
  });
  afterAll(async () => {
    await image.close();
    if (isDisk) execFileSync('umount', [data]);
    await image.end();
  });

  it('M1: is refused with 413, leaves nothing behind, and the image takes data when there is room again', async (context) => {
    if (!isDisk) context.skip('a small disk cannot be mounted here: needs root');
    const filler = join(image.folder, 'data', 'filler');
    writeFileSync(filler, Buffer.alloc(free(data)));
    const { id } = await image.create();
    const upload = async (bytes: number) =>
      (await image.ask('PUT', `/v2/images/${id}/file`, { data: Buffer.alloc(bytes) })).status;
    expect(await upload(1000)).toBe(413);
    expect(readdirSync(data)).toEqual(['filler']);
    expect((await image.ask('GET', `/v2/images/${id}`)).body.status).toBe('queued');
    rmSync(filler);
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
