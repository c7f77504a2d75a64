import { describe, expect, it } from 'vitest';
import { Reaper } from './reaper.mjs';

const size = { vcpus: 1, ram: 512, disk: 1 };
const server = (id: string, more: object = {}) => ({
  id,
  status: 'ACTIVE',
  host: 'h',
  created: '2026-01-01',
  preemptible: true,
  size,
  ...more,
});

/** A cloud of names: what is deleted is gone after so many looks. */
function cloudOf(waiting: string[], running: string[], staysFor = 0) {
  const done: string[] = [];
  let looks = 0;
  const cloud = {
    waiting: async () => waiting.map((id) => server(id, { status: 'PENDING', host: null, preemptible: id.startsWith('spot') })),
    preemptible: async () => running.map((id) => server(id)),
    delete: async (id: string) => {
      done.push(`delete ${id}`);
      running.splice(running.indexOf(id), 1);
    },
    exists: async () => looks++ < staysFor,
    rebuild: async (id: string) => {
      done.push(`rebuild ${id}`);
      return true;
    },
  };
  return { cloud, done };
}

const limits = { victims: 8, tries: 3, goneMs: 2_000, log: () => undefined };

describe('a reaper', () => {
  it('has a server scheduled anew once what made room for it is gone', async () => {
    const { cloud, done } = cloudOf(['w'], ['p'], 1);
    await new Reaper(cloud, limits).look();
    expect(done).toEqual(['delete p', 'rebuild w']);
  });

  it('deletes nothing for what is preemptible itself, or where nothing would be enough', async () => {
    const { cloud, done } = cloudOf(['spot'], ['p']);
    await new Reaper(cloud, limits).look();
    const none = cloudOf(['w'], []);
    await new Reaper(none.cloud, limits).look();
    expect([done, none.done]).toEqual([[], []]);
  });

  it('gives up on a server after some tries, and does not rebuild what has got no room', async () => {
    const { cloud, done } = cloudOf(['w'], ['a', 'b', 'c', 'd', 'e']);
    const reaper = new Reaper(cloud, limits);
    for (const _ of [1, 2, 3, 4, 5]) await reaper.look();
    expect(done.filter((what) => what === 'rebuild w')).toHaveLength(3);
    const slow = cloudOf(['w'], ['a'], Number.POSITIVE_INFINITY);
    await new Reaper(slow.cloud, { ...limits, goneMs: 1 }).look();
    expect(slow.done).toEqual(['delete a']);
  });

  it('does one thing at a time, and looks once more for all that was told meanwhile', async () => {
    let [now, most, looks] = [0, 0, 0];
    const { cloud } = cloudOf([], []);
    const counting = {
      ...cloud,
      waiting: async () => {
        looks += 1;
        most = Math.max(most, ++now);
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
        return [];
      },
    };
    const reaper = new Reaper(counting, limits);
    await Promise.all([1, 2, 3, 4, 5].map(() => reaper.look()));
    expect([most, looks]).toEqual([1, 2]);
  });
});
