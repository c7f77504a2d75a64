import { rows } from '@kilonova/sql';
import { pause } from '@kilonova/util';
import type { DataSource } from 'typeorm';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Answer, useServerCloud } from './spec-support/server-cloud.js';

/** How long connections are ended, milliseconds; four rounds a second and more. */
const STORM_MS = 6_000;
const ROUND_MS = 60;

describe('M1: connections that the database ends', () => {
  const cloud = useServerCloud({ quota: { instances: 2_000, cores: 5_000, ram: 2_000_000, metadataItems: 50 } });
  beforeEach(() => cloud.clear());

  const nameOf = async (sql: DataSource): Promise<string> =>
    (await rows<{ name: string }>(sql, 'SELECT current_database() AS name'))[0]?.name as string;

  /** Ends every connection of this API to its own databases, again and again. */
  async function storm(until: () => boolean): Promise<number> {
    const names = await Promise.all([cloud.api, cloud.cell0, cloud.cell1, cloud.cell2].map(nameOf));
    let rounds = 0;
    while (!until()) {
      await rows(
        cloud.api,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = ANY($1) AND application_name <> current_setting('application_name')`,
        [names],
      );
      rounds += 1;
      await pause(ROUND_MS);
    }
    return rounds;
  }

  it('are 503 with advice to come back, never 500: boots, shows, changes, lists, deletes', async () => {
    const kept = await cloud.active();
    const answers: Answer[] = [];
    const ends = Date.now() + STORM_MS;
    const isOver = (): boolean => Date.now() > ends;
    const client = async (): Promise<void> => {
      while (!isOver()) {
        const made = await cloud.create();
        const id = made.status === 202 ? (made.body.server.id as string) : kept;
        answers.push(
          made,
          await cloud.call('GET', `/servers/${id}`),
          await cloud.call('PUT', `/servers/${id}/metadata/k`, { body: { meta: { k: 'v' } } }),
          await cloud.call('GET', '/servers/detail?limit=5'),
          await cloud.call('POST', '/os-keypairs', { body: { keypair: { name: `k${answers.length}` } } }),
          await cloud.call('GET', '/flavors/detail'),
          ...(id === kept ? [] : [await cloud.call('DELETE', `/servers/${id}`)]),
        );
      }
    };
    const [rounds] = await Promise.all([storm(isOver), ...Array.from({ length: 4 }, client)]);
    const refused = answers.filter(({ status }) => status >= 500);
    expect(refused.filter(({ status }) => status !== 503).map(({ status, body }) => [status, body])).toEqual([]);
    expect(refused.filter(({ headers }) => headers.get('retry-after') === null)).toEqual([]);
    expect(rounds).toBeGreaterThan(5);
    expect(answers.length).toBeGreaterThan(20);
    expect((await cloud.call('GET', `/servers/${kept}`)).status).not.toBe(500);
  }, 60_000);
});
