import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { ConsumerClaim } from '../model/allocation.js';
import { claimOf } from '../spec-support/claims.js';
import { ClaimBatches, mayBeBatched } from './claim-batches.js';

const LIMITS = { atOnce: 1, size: 3, line: 5 };
const claim = (providerUuid: string) => claimOf(randomUUID(), [{ providerUuid, class: 'VCPU', amount: 1 }]);

/** Batches that end when they are told to. */
function held() {
  const batches: { claims: readonly ConsumerClaim[]; end: (taken: readonly boolean[] | Error) => void }[] = [];
  const takeEach = (claims: readonly ConsumerClaim[]) =>
    new Promise<readonly boolean[]>((resolve, reject) => {
      batches.push({ claims, end: (taken) => (taken instanceof Error ? reject(taken) : resolve(taken)) });
    });
  return { batches, gathered: new ClaimBatches(takeEach, LIMITS) };
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('gathers what comes while one is under way, up to its size, and answers each', async () => {
  const { batches, gathered } = held();
  const answers = Promise.all(['a', 'b', 'c', 'd', 'e'].map((provider) => gathered.take(claim(provider))));
  batches[0]?.end([true]);
  await tick();
  batches[1]?.end([true, false, true]);
  await tick();
  batches[2]?.end([]);
  expect(await answers).toEqual([true, true, false, true, false]);
  expect(batches.map(({ claims }) => claims.length)).toEqual([1, 3, 1]);
});

it('takes no second claim on a provider, and none beyond its line', async () => {
  const { gathered } = held();
  void gathered.take(claim('a'));
  expect(await gathered.take(claim('a'))).toBe(false);
  for (const provider of ['b', 'c', 'd', 'e', 'f']) void gathered.take(claim(provider));
  expect(await gathered.take(claim('g'))).toBe(false);
});

it('passes a failure on to each of its batch, and goes on', async () => {
  const { batches, gathered } = held();
  const first = gathered.take(claim('a'));
  const second = gathered.take(claim('b'));
  batches[0]?.end(new Error('lost'));
  await expect(first).rejects.toThrow('lost');
  await tick();
  batches[1]?.end([true]);
  expect(await second).toBe(true);
  void gathered.take(claim('a'));
  expect(batches).toHaveLength(3);
});

it('is for new consumers on one provider', () => {
  const want = { providerUuid: 'a', class: 'VCPU', amount: 1 };
  expect(mayBeBatched(claimOf('c', [want, { ...want, class: 'DISK_GB' }]))).toBe(true);
  expect(mayBeBatched(claimOf('c', [want, { ...want, providerUuid: 'b' }]))).toBe(false);
  expect(mayBeBatched(claimOf('c', [want], { generation: 1 }))).toBe(false);
  expect(mayBeBatched(claimOf('c', [want], { generation: undefined }))).toBe(false);
  expect(mayBeBatched(claimOf('c', []))).toBe(false);
});
