import { expectUnharmed, type FuzzedApi, testLength } from '@kilonova/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { routes } from './http/routes.js';
import { ImageFixture } from './testing/image-fixture.js';

/** KILONOVA_TEST_RUNS makes more, KILONOVA_TEST_SEED the same ones again. */
const { runs, seed = Date.now() % 2 ** 31 } = testLength({ runs: 400 });

let images: ImageFixture;
let ids: readonly string[] = [];

beforeAll(async () => {
  images = new ImageFixture();
  await images.start();
});
afterAll(() => images.end());

const asking = (as: string, type: string): ReadonlyArray<readonly [string, string]> => [
  ['host', '127.0.0.1'],
  ['x-auth-token', as],
  ['x-roles', as.startsWith('admin') ? 'admin,member,reader' : 'member,reader'],
  ['content-type', type],
];

const types = [
  'application/json',
  'application/octet-stream',
  'application/openstack-images-v2.1-json-patch',
  'application/openstack-images-v2.0-json-patch',
];

const api = (): FuzzedApi => ({
  rows: routes,
  prefixes: [''],
  headers: ['admin:root', 'u:p'].flatMap((as) => types.map((type) => asking(as, type))),
  names: { ':id': ids, ':tag': ['t', 'blue'] },
  samples: {
    path: ['/name', '/tags', '/visibility', '/min_disk', '/x', '/protected', '/owner'],
    op: ['add', 'replace', 'remove'],
    value: ['x', 1, true, ['t'], 'public', null],
    add: ['/name', '/x'],
    replace: ['/name', '/min_ram'],
    remove: ['/x'],
    limit: ['1', '2'],
    marker: ids,
    sort_key: ['name', 'created_at'],
    sort_dir: ['asc', 'desc'],
  },
  parameters: [
    ...[
      'limit',
      'marker',
      'sort',
      'sort_key',
      'sort_dir',
      'name',
      'status',
      'visibility',
      'owner',
      'tag',
      'size_min',
      'size_max',
    ],
    ...['created_at', 'updated_at', 'protected', 'os_hidden', 'member_status', 'id', 'x_property'],
  ],
});

/** What requests delete is there again. */
async function refresh(): Promise<void> {
  await images.end();
  images = new ImageFixture();
  await images.start();
  const made = [
    await images.create({ x: '1', tags: ['t'] }),
    await images.create({}, 'u:p'),
    await images.create({ name: 'other' }, 'u:p'),
  ];
  ids = made.map(({ id }) => id as string);
  await images.ask('PUT', `/v2/images/${ids[0]}/file`, { data: 'bytes' });
}

/** A page that names its status. */
const glanceShape = (status: number, body: string): string | undefined =>
  body.includes(String(status)) ? undefined : `an error of another shape: ${body}`;

it(
  `answers ${runs} malformed requests without a failure, and keeps nothing of them`,
  async () => {
    await expectUnharmed({ url: () => images.url, api, shape: glanceShape, runs, seed, refresh });
  },
  runs * 60 + 120_000,
);
