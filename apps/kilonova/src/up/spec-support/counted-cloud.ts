import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortBase } from '@kilonova/local-servers';
import { eventually, useDatabase } from '@kilonova/testing';
import { pause } from '@kilonova/util';
import { afterAll, beforeAll, expect } from 'vitest';
import { Cloud } from '../cloud.js';
import { CloudClient } from '../cloud-client.js';
import { Progress } from '../progress.js';
import { StateDir } from '../state-dir.js';
import { UP_DEFAULTS } from '../up-options.js';
import { type Cost, Tally } from './tally.js';

const QUIET_MS = 150;

/** A whole cloud in this process, which counts what its services send to databases and to each other. */
export class CountedCloud {
  cloud!: Cloud;
  client!: CloudClient;
  image = '';
  readonly tally = new Tally();

  get compute(): string {
    return this.cloud.layout.endpoints.compute;
  }

  /** Asks for a server. @returns its id */
  async boot(): Promise<string> {
    const server = { name: 'cost', imageRef: this.image, flavorRef: '1', networks: 'none' };
    const { body } = await this.client.ask<{ server: { id: string } }>('POST', `${this.compute}/servers`, { server });
    return body.server.id;
  }

  /** What a request costs, from its beginning until nothing moves any more. @param last the message that tells of its end */
  async costOf(work: () => Promise<unknown>, last: string): Promise<Cost> {
    this.tally.begin();
    await work();
    await eventually(() => expect(this.tally.saw(last)).toBe(true));
    await eventually(async () => {
      const before = this.tally.total;
      await pause(QUIET_MS);
      expect(this.tally.total).toBe(before);
    });
    return this.tally.cost;
  }
}

/** Call at the top of a test file, or in a `describe`. */
export function useCountedCloud(): CountedCloud {
  const counted = new CountedCloud();
  const database = useDatabase();
  const state = StateDir.create(mkdtempSync(join(tmpdir(), 'cost-')));
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
    counted.cloud = new Cloud(options, state, new Progress(() => undefined));
    await counted.cloud.start();
    counted.client = new CloudClient(counted.cloud.layout.endpoints, state.secret('admin-password'));
    const images = `${counted.cloud.layout.endpoints.image}/v2/images`;
    const { body } = await counted.client.ask<{ images: Array<{ id: string }> }>('GET', images);
    counted.image = body.images[0]?.id ?? '';
  }, 120_000);
  afterAll(async () => {
    await counted.cloud?.stop();
    counted.tally.stop();
    rmSync(state.root, { recursive: true, force: true });
  }, 60_000);
  return counted;
}

/** Jobs, relays and heartbeats run meanwhile, and only add: what each of several had is its own. */
export function cheapest(costs: readonly Cost[]): Cost {
  const least = (of: (cost: Cost) => Readonly<Record<string, number>>): Record<string, number> => {
    const all = costs.map(of);
    const kept = Object.keys(all[0] ?? {}).map((name) => [name, Math.min(...all.map((one) => one[name] ?? 0))] as const);
    return Object.fromEntries(kept.filter(([, count]) => count > 0));
  };
  return { statements: least((cost) => cost.statements), messages: least((cost) => cost.messages) };
}

/** What relays ask every second, however much there is to do. */
const POLL = /: SELECT EXISTS \(SELECT FROM outbox/;

/** @param others statements that are not counted */
export const statementsOf = ({ statements }: Cost, others?: RegExp): number =>
  Object.entries(statements).reduce((sum, [text, count]) => sum + (POLL.test(text) || others?.test(text) ? 0 : count), 0);
