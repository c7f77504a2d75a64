import { useDatabase } from '@kilonova/testing';
import { expect, it } from 'vitest';
import { lockNamed, tryLockNamed } from './advisory-lock.js';
import { transaction } from './statement.js';

const database = useDatabase();

it('is held by one transaction at a time, name by name, and ends with it', async () => {
  const sql = await database.dataSource();
  const tried = (name: string) => transaction(sql, (other) => tryLockNamed(other, name));
  await transaction(sql, async (first) => {
    await lockNamed(first, 'job:a');
    expect([await tried('job:a'), await tried('job:b')]).toEqual([false, true]);
  });
  expect(await tried('job:a')).toBe(true);
});
