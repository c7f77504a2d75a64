import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { HashPool } from './hash-pool.js';
import { PasswordHasher } from './password-hasher.js';

let pool: HashPool;
afterEach(() => pool.close());

const hashes = (hasher: PasswordHasher, count: number): Promise<string>[] =>
  Array.from({ length: count }, (_, at) => hasher.hash(`password ${at}`));

it('M4: at most so many passwords wait; more are refused with 429 and a time to come back', async () => {
  pool = new HashPool({ atOnce: 2, waiting: 3 });
  const results = await Promise.allSettled(hashes(new PasswordHasher(pool), 8));
  expect(results.map(({ status }) => status)).toEqual([...Array(5).fill('fulfilled'), ...Array(3).fill('rejected')]);
  expect((results[7] as PromiseRejectedResult).reason).toMatchObject({ kind: 'quota', details: { httpStatus: 429 } });
});

it('M4: a file is written while passwords wait, not after them', async () => {
  pool = new HashPool({ atOnce: 2, waiting: 100 });
  const folder = mkdtempSync(join(tmpdir(), 'hash-pool-'));
  let done = 0;
  const all = hashes(new PasswordHasher(pool), 40).map((hash) => hash.then(() => void done++));
  for (let at = 0; at < 8; at++) await writeFile(join(folder, `${at}`), 'text');
  expect(done).toBeLessThan(20);
  await Promise.all(all);
  rmSync(folder, { recursive: true });
});

it('a hash that no thread can compute fails alone', async () => {
  pool = new HashPool({ atOnce: 1, waiting: 10 });
  const hasher = new PasswordHasher(pool);
  const broken = hasher.verify('x', 'scrypt$3$8$1$c2FsdA==$a2V5');
  const good = hasher.hash('secret');
  await expect(broken).rejects.toThrow();
  expect(await hasher.verify('secret', await good)).toBe(true);
  expect(await hasher.verify('other', await good)).toBe(false);
  expect(await hasher.verify('secret', null)).toBe(false);
});

it('ends with what waits refused', async () => {
  pool = new HashPool({ atOnce: 1, waiting: 10 });
  const waiting = Promise.allSettled(hashes(new PasswordHasher(pool), 3));
  await pool.close();
  expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
});
