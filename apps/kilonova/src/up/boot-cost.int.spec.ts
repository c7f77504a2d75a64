import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortBase } from '@kilonova/local-servers';
import { eventually, useDatabase } from '@kilonova/testing';
import { pause } from '@kilonova/util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cloud } from './cloud.js';
import { CloudClient } from './cloud-client.js';
import { Progress } from './progress.js';
import { type Cost, Tally } from './spec-support/tally.js';
import { StateDir } from './state-dir.js';
import { UP_DEFAULTS } from './up-options.js';

/**
 * Of all services, with BEGIN and COMMIT. Who needs more says why; who needs fewer lowers it. Two are the scheduler's: whether
 * what it knows of hosts and of aggregates has changed.
 */
const STATEMENTS = 15;
/** What relays ask every second, however many boots there are. */
const POLL = /: SELECT EXISTS \(SELECT FROM outbox/;
const BOOTS = 6;
const QUIET_MS = 150;

const database = useDatabase();

describe('one boot, over all services', () => {
  const state = StateDir.create(mkdtempSync(join(tmpdir(), 'boot-cost-')));
  const tally = new Tally();
  let cloud: Cloud;
  let client: CloudClient;
  let image: string;
  let cost: Cost;

  beforeAll(async () => {
    const options = {
      ...UP_DEFAULTS,
      portBase: await freePortBase(),
      postgres: database.url,
      databasePrefix: `cost_${process.pid}_${Date.now()}`,
      notificationFormat: 'versioned',
      logLevel: 'error',
      proof: false,
    };
    cloud = new Cloud(options, state, new Progress(() => undefined));
    await cloud.start();
    client = new CloudClient(cloud.layout.endpoints, state.secret('admin-password'));
    const { body } = await client.ask<{ images: Array<{ id: string }> }>('GET', `${cloud.layout.endpoints.image}/v2/images`);
    image = body.images[0]?.id ?? '';
    await boot(); // fills caches
    const costs: Cost[] = [];
    for (let n = 0; n < BOOTS; n++) costs.push(await boot());
    cost = cheapest(costs);
  }, 120_000);

  afterAll(async () => {
    await cloud?.stop();
    tally.stop();
    rmSync(state.root, { recursive: true, force: true });
  }, 60_000);

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
    expect(statementsOf(cost), JSON.stringify(cost.statements, undefined, 1)).toBeLessThanOrEqual(STATEMENTS);
  });

  /** From the request until nothing moves any more. */
  async function boot(): Promise<Cost> {
    const server = { name: 'cost', imageRef: image, flavorRef: '1', networks: 'none' };
    tally.begin();
    await client.ask('POST', `${cloud.layout.endpoints.compute}/servers`, { server });
    await eventually(() => expect(tally.saw('event instance.create.end')).toBe(true));
    await eventually(async () => {
      const before = tally.total;
      await pause(QUIET_MS);
      expect(tally.total).toBe(before);
    });
    return tally.cost;
  }
});

/** Jobs, relays and heartbeats run meanwhile, and only add: what every boot had is the boot's own. */
function cheapest(costs: readonly Cost[]): Cost {
  const least = (of: (cost: Cost) => Readonly<Record<string, number>>): Record<string, number> => {
    const all = costs.map(of);
    const kept = Object.keys(all[0] ?? {}).map((name) => [name, Math.min(...all.map((one) => one[name] ?? 0))] as const);
    return Object.fromEntries(kept.filter(([, count]) => count > 0));
  };
  return { statements: least((cost) => cost.statements), messages: least((cost) => cost.messages) };
}

const statementsOf = ({ statements }: Cost): number =>
  Object.entries(statements).reduce((sum, [text, count]) => sum + (POLL.test(text) ? 0 : count), 0);
