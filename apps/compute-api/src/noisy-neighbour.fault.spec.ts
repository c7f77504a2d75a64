import { execute } from '@kilonova/sql';
import { testLength } from '@kilonova/testing';
import { beforeAll, expect, it } from 'vitest';
import { useServerCloud } from './spec-support/server-cloud.js';

/** KILONOVA_TEST_SECONDS makes it longer. */
const { seconds } = testLength({ seconds: 4 });
const NOISY_CLIENTS = 20;

const cloud = useServerCloud({
  quota: { instances: 50, cores: -1, ram: -1, keyPairs: 1_000_000 },
});
const loud = { as: 'loud:noisy' };
let server = '';

beforeAll(async () => {
  await cloud.clear();
  server = await cloud.active({ name: 'a'.repeat(255), metadata: { a: '1' } }, loud);
  await cloud.active({ name: 'quiet' });
  await execute(
    cloud.cell1,
    `INSERT INTO instances OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(i, jsonb_build_object('uuid', gen_random_uuid(), 'id', 1000 + n))).*
       FROM instances i, generate_series(1, 3000) n WHERE i.uuid = '${server}'`,
  );
});

/** The dearest that a member can ask for: patterns, long lists, archives, keys, boots beyond the quota, changes of one server. */
const dear: ReadonlyArray<() => Promise<unknown>> = [
  () => cloud.call('GET', `/servers/detail?name=${encodeURIComponent('(a?){120}(a?){120}b')}`, loud),
  () => cloud.call('GET', `/servers?name=${encodeURIComponent('((a?){40}){40}')}`, loud),
  () => cloud.call('GET', '/servers/detail?limit=1000', loud),
  () => cloud.call('GET', '/servers/detail?changes-since=2020-01-01T00:00:00Z&sort_key=display_description', loud),
  () => cloud.call('GET', `/servers?tags=${'t,'.repeat(1000)}t`, loud),
  () => cloud.call('GET', '/os-simple-tenant-usage/noisy?start=2020-01-01T00:00:00', { ...loud, at: '2.1' }),
  () =>
    cloud.call('POST', '/os-keypairs', { ...loud, at: '2.2', body: { keypair: { name: `k${String(Math.random()).slice(2)}` } } }),
  () => cloud.create({ min_count: 40, user_data: 'YWFh'.repeat(10_000) }, loud),
  () => cloud.call('PUT', `/servers/${server}/metadata`, { ...loud, body: { metadata: { a: String(Math.random()) } } }),
];

it(
  `one project's ${NOISY_CLIENTS} clients with the dearest requests cost another project no request`,
  async () => {
    const until = performance.now() + seconds * 1000;
    const noise = Array.from({ length: NOISY_CLIENTS }, async (_, client) => {
      for (let turn = client; performance.now() < until; turn++) await dear[turn % dear.length]?.();
    });
    const times: number[] = [];
    while (performance.now() < until) {
      const at = performance.now();
      const { status, body } = await cloud.call('GET', '/servers/detail');
      times.push(performance.now() - at);
      expect([status, body.servers.map(({ name, status: state }: { name: string; status: string }) => [name, state])]).toEqual([
        200,
        [['quiet', 'ACTIVE']],
      ]);
    }
    await Promise.all(noise);
    times.sort((a, b) => a - b);
    const at = (share: number): string => `${times[Math.floor((times.length - 1) * share)]?.toFixed(0)} ms`;
    console.log(`${times.length} requests of the other project: p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)}`);
  },
  (seconds + 120) * 1000,
);
