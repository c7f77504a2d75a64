import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isUuid } from '@kilonova/util';

/** A name-based uuid (version 5 layout), so that a lost state folder gives a node the identity it had. */
export function uuidOfName(name: string): string {
  const hash = createHash('sha1').update(`kilonova.compute-node:${name}`).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-5${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

/**
 * The uuid of a compute node, kept in the agent's state folder: it outlives renames and is the identity under which
 * placement knows the node's provider.
 * @param known the uuid that the hypervisor itself gives the node; undefined: it gives none. A node that goes from one host
 *   to another keeps it, and the folder of the new host has nothing to say
 * @throws Error when the file is there but holds no uuid.
 */
export function nodeUuid(stateDir: string, cell: string, node: string, known?: string): string {
  if (known !== undefined) return known;
  const file = join(stateDir, 'compute_id', node);
  try {
    const uuid = readFileSync(file, 'utf8').trim();
    if (!isUuid(uuid)) throw new Error(`${file} holds no uuid; restore it, or remove it to give the node a new identity`);
    return uuid;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const uuid = uuidOfName(`${cell}/${node}`);
  mkdirSync(join(stateDir, 'compute_id'), { recursive: true });
  writeFileSync(`${file}.new`, `${uuid}\n`);
  renameSync(`${file}.new`, file);
  return uuid;
}
