import { describe, expect, it } from 'vitest';
import { inLanes } from './lanes.js';

describe('lanes', () => {
  it('give results in order and never run more at once than there are lanes', async () => {
    let running = 0;
    let most = 0;
    const work = async (item: number): Promise<number> => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return item * 10;
    };
    expect(await inLanes([1, 2, 3, 4, 5], 2, work)).toEqual([10, 20, 30, 40, 50]);
    expect(most).toBe(2);
    expect(await inLanes([], 2, work)).toEqual([]);
  });

  it('end with the first failure', async () => {
    const work = (item: number): Promise<number> => (item === 2 ? Promise.reject(new Error('two')) : Promise.resolve(item));
    await expect(inLanes([1, 2, 3], 1, work)).rejects.toThrow('two');
  });
});
