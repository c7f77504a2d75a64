import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { tooLarge } from '../model/errors.js';
import type { DataFacts } from '../model/image.js';
import { HEADER_BYTES, virtualSize } from '../model/virtual-size.js';
import { SpentBuffers } from './spent-buffers.js';

const NO_SPACE: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

/** Data on its way. */
export interface Incoming {
  readonly data: Readable;
  readonly diskFormat: string | null;
  /** Told of each piece. @throws to refuse it */
  readonly take: (bytes: number) => void;
  /** Asked when all is there. @throws when the image is not the one any more that the data is for */
  readonly confirm: () => void;
}

/** Data of images, a file each. */
export class BlobStore {
  private constructor(private readonly folder: string) {}

  /** Opens, or makes, a store; files that belong to no image are left-overs of a crash and go. */
  static async open(stateFolder: string, isWanted: (id: string) => boolean): Promise<BlobStore> {
    const folder = join(stateFolder, 'data');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const left = (await readdir(folder)).filter((file) => !isWanted(file));
    await Promise.all(left.map((file) => rm(join(folder, file), { force: true })));
    return new BlobStore(folder);
  }

  /**
   * Writes data as it comes, and computes its sums on the way. The file appears when it is whole and on disk.
   * @throws AppError invalid-input (413) on a full disk; what `incoming` throws; the stream's own error when it breaks
   */
  async write(id: string, { data, diskFormat, take, confirm }: Incoming): Promise<DataFacts> {
    const part = join(this.folder, `${randomUUID()}.part`);
    try {
      const facts = await this.#receive(part, { data, diskFormat, take });
      confirm();
      await rename(part, join(this.folder, id));
      return facts;
    } catch (error) {
      await rm(part, { force: true });
      if (NO_SPACE.has((error as NodeJS.ErrnoException).code ?? ''))
        throw tooLarge('Image storage media is full: There is not enough disk space on the image storage media.');
      throw error;
    }
  }

  read(id: string): Readable {
    return createReadStream(join(this.folder, id));
  }

  remove(id: string): Promise<void> {
    return rm(join(this.folder, id), { force: true });
  }

  async #receive(path: string, { data, diskFormat, take }: Omit<Incoming, 'confirm'>): Promise<DataFacts> {
    const md5 = createHash('md5');
    const sha512 = createHash('sha512');
    const buffers = new SpentBuffers();
    let header = Buffer.alloc(0);
    let size = 0;
    const file = await open(path, 'w', 0o600);
    try {
      for await (const chunk of data as AsyncIterable<Buffer>) {
        size += chunk.length;
        take(chunk.length);
        if (header.length < HEADER_BYTES) header = Buffer.concat([header, chunk.subarray(0, HEADER_BYTES - header.length)]);
        md5.update(chunk);
        sha512.update(chunk);
        await writeAll(file, chunk);
        buffers.spent(chunk.length);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    const sums = { checksum: md5.digest('hex'), os_hash_algo: 'sha512', os_hash_value: sha512.digest('hex') } as const;
    return { size, virtual_size: virtualSize(diskFormat, header, size), ...sums };
  }
}

/** A write may take less than it is given. */
async function writeAll(file: Awaited<ReturnType<typeof open>>, chunk: Buffer): Promise<void> {
  for (let start = 0; start < chunk.length; ) start += (await file.write(chunk, start)).bytesWritten;
}
