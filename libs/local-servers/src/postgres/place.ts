import { createHash } from 'node:crypto';
import { chmod, chown, cp, mkdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '@kilonova/util';
import { type Account, accountOf, inUserNamespace, usableAccounts, userNamespacesWork } from '../account.js';
import { succeeds } from '../command.js';
import type { PostgresInstallation } from './installation.js';

/** Outside anybody's home: for accounts that can reach neither the state folder nor the programs. */
const ELSEWHERE = '/var/lib/kilonova';

/** Where PostgreSQL keeps its data and how its programs are called, since it refuses to run as root. */
export interface Place {
  readonly dataDir: string;
  readonly binDir: string;
  /** Words to put before each command. */
  readonly prefix: readonly string[];
  /** Owner of the data folder, when it is not the account of this process. */
  readonly account?: Account;
}

const ownerOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    (found) => found.uid,
    () => undefined,
  );

/** Makes a private folder that belongs to the place's account. */
export async function privateFolder(path: string, account?: Account): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
  if (account !== undefined) await chown(path, account.uid, account.gid);
}

/** True when the account itself can run the programs and write the folder, whatever allows or forbids it. */
const reaches = ({ uid, gid }: Account, binDir: string, dataDir: string): Promise<boolean> =>
  succeeds('/bin/sh', ['-c', '"$0/postgres" --version && test -w "$1"', binDir, dataDir], { uid, gid });

/** A copy of programs that lie in somebody's home, made once per version and complete or absent. */
async function copyPrograms(from: PostgresInstallation): Promise<string> {
  const target = join(ELSEWHERE, `postgres-programs-${from.major}`);
  if ((await ownerOf(target)) === undefined) {
    const partial = `${target}.${process.pid}`;
    await cp(dirname(from.binDir), partial, { recursive: true, verbatimSymlinks: true });
    await rename(partial, target).catch(() => rm(partial, { recursive: true }));
  }
  return join(target, 'bin');
}

async function asAccount(account: Account, dataDir: string, from: PostgresInstallation): Promise<Place | undefined> {
  if (await reaches(account, from.binDir, dataDir)) return { dataDir, binDir: from.binDir, prefix: [], account };
  if (!dataDir.startsWith(ELSEWHERE)) return undefined;
  const binDir = await copyPrograms(from);
  return (await reaches(account, binDir, dataDir)) ? { dataDir, binDir, prefix: [], account } : undefined;
}

async function inNamespace(
  accounts: readonly Account[],
  dataDir: string,
  { binDir }: PostgresInstallation,
): Promise<Place | undefined> {
  for (const account of accounts) {
    if (await userNamespacesWork(account)) return { dataDir, binDir, prefix: inUserNamespace(account) };
  }
  return undefined;
}

/** Data goes on as it began: root's files need the namespace, others their owner. */
async function existingPlace(uid: number, dataDir: string, from: PostgresInstallation): Promise<Place> {
  const place =
    uid === 0
      ? await inNamespace(await usableAccounts(), dataDir, from)
      : await asAccount((await accountOf(uid)) ?? { name: String(uid), uid, gid: uid }, dataDir, from);
  if (place === undefined) throw unplaceable(`${dataDir} belongs to account number ${uid}, which cannot run it here any more`);
  return place;
}

/** `dataDir` becomes a link, which is how the next start finds the data. */
async function placeElsewhere(accounts: readonly Account[], dataDir: string, from: PostgresInstallation): Promise<Place> {
  const target = join(ELSEWHERE, `postgres-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`);
  await mkdir(ELSEWHERE, { recursive: true, mode: 0o755 });
  for (const account of accounts) {
    await privateFolder(target, account);
    const place = await asAccount(account, target, from);
    if (place === undefined) continue;
    await rm(dataDir, { recursive: true });
    await symlink(target, dataDir);
    return place;
  }
  throw unplaceable(`no unprivileged account can run ${from.binDir}/postgres`);
}

async function newPlaceForRoot(dataDir: string, from: PostgresInstallation): Promise<Place> {
  const accounts = await usableAccounts();
  for (const account of accounts) {
    await privateFolder(dataDir, account);
    const place = await asAccount(account, dataDir, from);
    if (place !== undefined) return place;
  }
  await chown(dataDir, 0, 0);
  return (await inNamespace(accounts, dataDir, from)) ?? placeElsewhere(accounts, dataDir, from);
}

/**
 * Finds a place for `dataDir`, the wanted data folder. An ordinary user just uses it. Root uses the account
 * `postgres` or `nobody` when that account reaches folder and programs; else a user namespace, in which root's files
 * look like that account's (what works under /root); else a folder under /var/lib/kilonova that `dataDir` links to.
 */
export async function findPlace(dataDir: string, from: PostgresInstallation): Promise<Place> {
  if (process.getuid?.() !== 0) {
    await privateFolder(dataDir);
    return { dataDir, binDir: from.binDir, prefix: [] };
  }
  const real = await readlink(dataDir).catch(() => dataDir);
  const uid = await ownerOf(join(real, 'PG_VERSION'));
  return uid === undefined ? newPlaceForRoot(dataDir, from) : existingPlace(uid, real, from);
}

const unplaceable = (why: string): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'local_server.postgres.unplaceable',
    message: `PostgreSQL refuses to run as root, and ${why}.`,
  });
