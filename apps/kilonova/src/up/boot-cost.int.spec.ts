import { beforeAll, describe, expect, it } from 'vitest';
import { type CountedCloud, cheapest, statementsOf, useCountedCloud } from './spec-support/counted-cloud.js';
import type { Cost } from './spec-support/tally.js';

/** Of all services, with BEGIN and COMMIT. Who needs more says why; who needs fewer lowers it. */
const STATEMENTS = 12;
/** The scheduler asks whether what it knows of hosts has changed, twice a second, however many boots there are. */
const PICTURE = /^scheduler.* pg_postmaster_start_time\(\)|^scheduler.* pg_snapshot_xmin\(/;
const BOOTS = 6;

describe('one boot, over all services', () => {
  const counted: CountedCloud = useCountedCloud();
  let cost: Cost;

  beforeAll(async () => {
    const boot = () => counted.costOf(() => counted.boot(), 'event instance.create.end');
    await boot(); // fills caches
    const costs: Cost[] = [];
    for (let n = 0; n < BOOTS; n++) costs.push(await boot());
    cost = cheapest(costs);
  }, 120_000);

  it('an agent calls its conductor twice', () => {
    const calls = ['take_step', 'advance_step', 'finish_step'].map((name) => cost.messages[`call ${name}`] ?? 0);
    expect(calls).toEqual([1, 0, 1]);
  });

  it('two casts and three calls carry it, and ten events are published', () => {
    expect(cost.messages).toEqual({
      'cast schedule_and_build_instances': 1,
      'call select_destinations': 1,
      'cast build_and_run_instance': 1,
      'call take_step': 1,
      'call finish_step': 1,
      'event scheduler.select_destinations.start': 1,
      'event scheduler.select_destinations.end': 1,
      'event instance.create.start': 1,
      'event instance.update': 6,
      'event instance.create.end': 1,
    });
  });

  it(`at most ${STATEMENTS} statements are sent`, () => {
    expect(statementsOf(cost, PICTURE), JSON.stringify(cost.statements, undefined, 1)).toBeLessThanOrEqual(STATEMENTS);
  });
});
