import { execute, rows } from '@kilonova/sql';
import { expectUnharmed, type FuzzedApi, testLength } from '@kilonova/testing';
import { expect, it } from 'vitest';
import { computeRoutes } from './compute-routes.js';
import { GoneController } from './gone/gone.controller.js';
import { IMAGE, imageDocument } from './spec-support/image-shelf.js';
import { useServerCloud } from './spec-support/server-cloud.js';
import { versionRoutes } from './version/version.routes.js';
import { MAX_VERSION } from './version/version-span.js';

/** KILONOVA_TEST_RUNS makes more, KILONOVA_TEST_SEED the same ones again. */
const { runs, seed = Date.now() % 2 ** 31 } = testLength({ runs: 400 });

const GROUP = '33333333-3333-4333-8333-333333333333';
const SERVERS = 4;

const cloud = useServerCloud({ quota: { instances: -1, cores: -1, ram: -1, keyPairs: 20, serverGroups: -1 } });
const servers: string[] = [];

const asking = (as: string, version: string): ReadonlyArray<readonly [string, string]> => [
  ['host', '127.0.0.1'],
  ['x-auth-token', as],
  ['x-roles', as.startsWith('admin') ? 'admin,member,reader' : 'member,reader'],
  ['content-type', 'application/json'],
  ['openstack-api-version', `compute ${version}`],
];

const versions = [MAX_VERSION, MAX_VERSION, MAX_VERSION, '2.1', '2.3', '2.10', '2.26', '2.37', '2.53', '2.60', '2.79'];

/** What was taken out of the API answers without looking at a request. */
const gone = computeRoutes.filter(({ controller }) => controller === GoneController);
const offered = computeRoutes.filter((row) => !gone.includes(row));

const api = (): FuzzedApi => ({
  rows: [...offered, ...offered, ...offered, ...offered, ...offered, ...offered, ...gone, ...versionRoutes],
  prefixes: [...Array(8).fill('/v2.1'), '/v2', '/v2', ''],
  headers: [...versions.map((version) => asking('admin:p', version)), asking('u:p', MAX_VERSION), asking('u:p', '2.1')],
  names: {
    ':id': ['f1', '1', 'p', IMAGE, GROUP, 'key'],
    '/servers/:id': servers,
    '/flavors/:id': ['f1', 'f0'],
    '/flavors/:flavor_id': ['f1', 'f0'],
    '/images/:id': [IMAGE],
    '/os-server-groups/:id': [GROUP],
    '/os-aggregates/:id': ['1', '2'],
    '/os-services/:id': ['1', '11111111-1111-4111-8111-111111111111'],
    '/os-keypairs/:id': ['key'],
    ':key': ['a', 'hw:cpu_policy'],
    ':tag': ['t', 'tag2'],
    ':request_id': ['req-11111111-1111-4111-8111-111111111111'],
  },
  samples: {
    name: ['web', 'x'],
    flavorRef: ['f1'],
    imageRef: [IMAGE],
    networks: ['none', 'auto'],
    min_count: [1, 2, '1'],
    max_count: [1, 3],
    key_name: ['key'],
    group: [GROUP],
    host: ['host1'],
    limit: ['1', '2'],
    marker: [...servers, 'f1', 'key'],
    sort_key: ['display_name', 'created_at', 'uuid'],
    sort_dir: ['asc', 'desc'],
    status: ['ACTIVE', 'BUILD'],
    'changes-since': ['2026-01-01T00:00:00Z'],
    public_key: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICznZRCYkBzq3Z5ghKBC9bBF1v02GtRs5tbQIii+7qSj me'],
    server_uuid: servers,
    start: ['2026-01-01T00:00:00'],
    end: ['2026-02-01T00:00:00'],
  },
  parameters: [
    'limit',
    'marker',
    'all_tenants',
    'name',
    'ip',
    'tags',
    'user_id',
    'zone',
    'offset',
    'hypervisor_hostname_pattern',
  ],
});

/** What requests delete and change is there again, as it was. */
const RESTORE = [
  `INSERT INTO instance_groups (uuid, name, project_id, user_id, policy) VALUES ('${GROUP}', 'g', 'p', 'u', 'affinity') ON CONFLICT DO NOTHING`,
  `INSERT INTO key_pairs (user_id, name, type, fingerprint, public_key) VALUES ('admin', 'key', 'ssh', 'x', 'y') ON CONFLICT DO NOTHING`,
  `DELETE FROM flavors`,
  `INSERT INTO flavors (flavorid, name, memory_mb, vcpus, root_gb) VALUES ('f1', 'm1.tiny', 512, 1, 1)`,
  `DELETE FROM quotas`,
  `DELETE FROM quota_classes`,
];

async function refresh(): Promise<void> {
  for (const text of RESTORE) await execute(cloud.api, text);
  cloud.images.documents.set(IMAGE, imageDocument());
  const alive = await rows<{ uuid: string }>(
    cloud.api,
    'SELECT instance_uuid AS uuid FROM instance_mappings WHERE NOT queued_for_delete',
  );
  const uuids = new Set(alive.map(({ uuid }) => uuid));
  for (let index = 0; index < SERVERS; index++) {
    if (uuids.has(servers[index] ?? '')) continue;
    servers[index] = await cloud.active({ name: `web-${index}`, metadata: { a: '1' }, tags: ['t'] });
  }
}

/** `{"badRequest": {"code": 400, "message": "…"}}` */
function novaShape(status: number, body: string): string | undefined {
  const document = JSON.parse(body) as Record<string, { code?: unknown; message?: unknown }>;
  const [fault, more] = Object.values(document);
  const code = status === 401 && fault?.code === undefined ? status : fault?.code;
  return more === undefined && code === status && typeof fault?.message === 'string'
    ? undefined
    : `an error of another shape: ${body}`;
}

it(
  `answers ${runs} malformed requests without a failure, and keeps nothing of them`,
  async () => {
    await expectUnharmed({ url: () => cloud.url, api, shape: novaShape, runs, seed, refresh });
    expect((await cloud.call('GET', '/servers')).status).toBe(200);
  },
  runs * 60 + 120_000,
);
