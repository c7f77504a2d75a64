import { beforeAll, describe, expect, it } from 'vitest';
import { cheapest, statementsOf, useCountedCloud } from './spec-support/counted-cloud.js';
import type { Cost } from './spec-support/tally.js';

/** How often each is done: what all of them cost is its own. */
const TIMES = 4;

/**
 * Each of them in turn leaves the server as the next one needs it. Statements: of all services but the scheduler, with BEGIN and
 * COMMIT; who needs more says why, who needs fewer lowers it.
 */
const CYCLES = {
  stop: { action: { 'os-stop': null }, last: 'event instance.power_off.end', statements: 8, steps: 1, search: false },
  start: { action: { 'os-start': null }, last: 'event instance.power_on.end', statements: 8, steps: 1, search: false },
  resize: {
    action: { resize: { flavorRef: '2' } },
    last: 'event instance.resize_finish.end',
    statements: 37,
    steps: 3,
    search: true,
  },
  revertResize: {
    action: { revertResize: null },
    last: 'event instance.resize_revert.end',
    // With the count of what the server holds, which the API level makes afterwards.
    statements: 27,
    steps: 2,
    search: false,
  },
  liveMigration: {
    action: { 'os-migrateLive': { host: null, block_migration: 'auto' } },
    last: 'event instance.live_migration_post.end',
    statements: 52,
    steps: 5,
    search: true,
  },
} as const;
/** The scheduler looks at its hosts whether anything is done or not. */
const PICTURE = /^scheduler/;
type Name = keyof typeof CYCLES;
const NAMES = Object.keys(CYCLES) as Name[];

describe('one action, over all services', () => {
  const counted = useCountedCloud();
  const costs = new Map<Name, Cost>();

  beforeAll(async () => {
    let id = '';
    await counted.costOf(async () => {
      id = await counted.boot();
    }, 'event instance.create.end');
    const seen = new Map<Name, Cost[]>(NAMES.map((name) => [name, []]));
    for (let n = 0; n <= TIMES; n++) {
      for (const name of NAMES) {
        const { action, last } = CYCLES[name];
        const ask = () => counted.client.ask('POST', `${counted.compute}/servers/${id}/action`, action);
        const cost = await counted.costOf(ask, last);
        if (n > 0) seen.get(name)?.push(cost); // the first fills caches
      }
    }
    for (const [name, all] of seen) costs.set(name, cheapest(all));
  }, 180_000);

  const costOf = (name: Name): Cost => costs.get(name) ?? { statements: {}, messages: {} };

  it.each(NAMES)('%s: each step is one cast and two calls, and a host is looked for once', (name) => {
    const { steps, search } = CYCLES[name];
    const { messages } = costOf(name);
    const carried = Object.entries(messages).filter(([message]) => !message.startsWith('event '));
    const of = (kind: RegExp) => carried.filter(([message]) => kind.test(message)).reduce((sum, [, count]) => sum + count, 0);
    expect([of(/^call (take|finish)_step$/), of(/^call select_destinations$/)]).toEqual([2 * steps, search ? 1 : 0]);
    expect(of(/^call /)).toBe(2 * steps + (search ? 1 : 0));
    expect(of(/^cast /)).toBeLessThanOrEqual(steps + (search ? 1 : 0) + 1);
  });

  it.each(NAMES)('%s: no more statements than it takes', (name) => {
    const cost = costOf(name);
    expect(statementsOf(cost, PICTURE), JSON.stringify(cost, undefined, 1)).toBeLessThanOrEqual(CYCLES[name].statements);
  });
});
