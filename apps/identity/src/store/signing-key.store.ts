import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '@kilonova/util';

const FILE = 'token.key';
const KEY_BYTES = 32;

/** The key that tokens are signed with; made at first start, so that tokens outlive restarts. */
export async function loadSigningKey(folder: string): Promise<Buffer> {
  const path = join(folder, FILE);
  try {
    return Buffer.from((await readFile(path, 'utf8')).trim(), 'base64');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const key = randomBytes(KEY_BYTES);
  await writeAtomically(path, `${key.toString('base64')}\n`);
  return key;
}
