import { processEnvironment } from '@kilonova/config';
import { useDatabase } from '@kilonova/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GroupCloud } from './spec-support/group-cloud.js';
import { GroupRounds, HARD, SOFT } from './spec-support/group-round.js';

const { ROUNDS = '3', SEED = '7' } = processEnvironment();
const HOSTS = 7;

/** Numbers from 0 to 1 that the seed alone decides. */
function diceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const database = useDatabase();

describe(`${ROUNDS} rounds of two groups that boot, move, lose hosts and are deleted side by side`, () => {
  const cloud = new GroupCloud();
  let rounds: GroupRounds;

  beforeAll(async () => {
    await cloud.start(database.url, HOSTS);
    rounds = await GroupRounds.open(cloud, diceOf(Number(SEED)));
  }, 180_000);
  afterAll(() => cloud.stop(), 60_000);

  it(
    'never leave two members of the hard one on a host, and free every place',
    async () => {
      for (let round = 1; round <= Number(ROUNDS); round++) {
        await rounds.run();
        expect(rounds.violations).toEqual([]);
        await rounds.thin();
        const hard = await rounds.oneMore(HARD);
        expect(hard.here, hard.record).toBe(0);
        const soft = await rounds.oneMore(SOFT);
        expect(soft.here, soft.record).toBe(soft.least);
        if (round % 20 === 0)
          console.log(`${round} rounds: ${[...rounds.done].map(([what, count]) => `${count} ${what}`).join(', ')}`);
      }
    },
    120_000 + Number(ROUNDS) * 60_000,
  );
});
