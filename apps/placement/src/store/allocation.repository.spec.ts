import { randomUUID } from 'node:crypto';
import { AppError, invalid } from '@kilonova/util';
import { expect, it } from 'vitest';
import { claimOf } from '../spec-support/claims.js';
import { AllocationRepository } from './allocation.repository.js';
import { ClaimTurns } from './claim-turns.js';
import type { PlacementDatabase } from './sql.js';

/** A repository with one claim under way, so that the next is put into a batch, which meets `failure`. */
function crowded(failure: Error) {
  const alone: unknown[] = [];
  const query = (text: string, values: readonly unknown[]): Promise<unknown[]> => {
    if (text.includes('take_each')) return Promise.reject(failure);
    alone.push(values[0]);
    return alone.length === 1 ? new Promise(() => undefined) : Promise.resolve([{ outcome: 'ok' }]);
  };
  const turns = new ClaimTurns({ atOnce: 2, perProvider: 1, waitMs: 1000, line: 10 });
  const repository = new AllocationRepository({ query } as unknown as PlacementDatabase, turns);
  const claim = (providerUuid: string) => repository.claim([claimOf(randomUUID(), [{ providerUuid, class: 'VCPU', amount: 1 }])]);
  /** One that never ends, and one that waits behind it and is refused in the end. */
  const occupy = (): void => {
    for (const _ of [1, 2]) claim('a').catch(() => undefined);
  };
  return { alone, claim, occupy };
}

it('makes the claims of a spoilt batch alone', async () => {
  const { alone, claim, occupy } = crowded(invalid('test.unstorable', 'One of them cannot be stored.'));
  occupy();
  await expect(claim('b')).resolves.toEqual({ outcome: 'ok' });
  expect(alone).toHaveLength(2);
});

it('does not repeat claims of which nobody knows whether they were stored', async () => {
  const away = new AppError({ kind: 'dependency', code: 'sql.database.unavailable', message: 'The database is not available.' });
  const { alone, claim, occupy } = crowded(away);
  occupy();
  await expect(claim('b')).rejects.toBe(away);
  expect(alone).toHaveLength(1);
});
