import { randomBytes } from 'node:crypto';
import { chown, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../command.js';
import { type Place, privateFolder } from './place.js';

export const SUPERUSER = 'kilonova';

/** The major version that made a data folder; undefined when there is none yet. */
export async function majorOf(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'PG_VERSION'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Number.parseInt(text, 10);
}

/** The superuser's password, kept beside the data folder and made once. */
export async function passwordIn(baseDir: string): Promise<string> {
  const file = join(baseDir, 'password');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept !== '') return kept;
  const password = randomBytes(24).toString('base64url');
  await writeFile(file, password, { mode: 0o600 });
  return password;
}

/**
 * Runs initdb. It works in a folder beside the final one, which takes its place when complete: a start that is
 * killed half-way leaves no half-made data.
 */
export async function initialize(place: Place, password: string, durable: boolean): Promise<void> {
  const { dataDir, account } = place;
  const partial = `${dataDir}.new`;
  const passwordFile = `${dataDir}.pw`;
  await rm(partial, { recursive: true, force: true });
  await privateFolder(partial, account);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  try {
    if (account !== undefined) await chown(passwordFile, account.uid, account.gid);
    const args = [
      `--pgdata=${partial}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      ...FIXED,
      ...(durable ? [] : ['--no-sync']),
    ];
    const [file = '', ...rest] = [...place.prefix, join(place.binDir, 'initdb'), ...args];
    await command(file, rest, { uid: account?.uid, gid: account?.gid, withinMs: 120_000, env: PLAIN_LOCALE });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rmdir(dataDir);
  await rename(partial, dataDir);
}

/** Byte order and UTF-8: the same sort order on every machine and version. */
const FIXED = ['--encoding=UTF8', '--locale=C', '--auth=scram-sha-256'];

export const PLAIN_LOCALE: NodeJS.ProcessEnv = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
};
