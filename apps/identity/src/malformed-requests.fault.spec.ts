import { expectUnharmed, type FuzzedApi, testLength } from '@kilonova/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { routes } from './http/routes.js';
import { byName, byToken, IdentityFixture, onProject } from './testing/identity-fixture.js';

/** KILONOVA_TEST_RUNS makes more, KILONOVA_TEST_SEED the same ones again. */
const { runs, seed = Date.now() % 2 ** 31 } = testLength({ runs: 400 });

let identity: IdentityFixture;
let tokens: readonly string[] = [];
/** Things that requests are about, by kind. */
const ids: Record<'users' | 'projects' | 'roles' | 'domains', string[]> = {
  users: [],
  projects: [],
  roles: [],
  domains: ['default'],
};

beforeAll(async () => {
  identity = new IdentityFixture();
  await identity.start();
});
afterAll(() => identity.end());

const asking = (token: string, subject: string): ReadonlyArray<readonly [string, string]> => [
  ['host', '127.0.0.1'],
  ['x-auth-token', token],
  ['x-subject-token', subject],
  ['content-type', 'application/json'],
];

const api = (): FuzzedApi => ({
  rows: routes,
  prefixes: [''],
  headers: [...tokens.flatMap((token) => tokens.map((subject) => asking(token, subject))), asking(tokens[0] as string, 'none')],
  names: {
    '/v3/users/:id': ids.users,
    '/v3/projects/:id': ids.projects,
    '/v3/domains/:id': ids.domains,
    '/v3/roles/:id': ids.roles,
    ':user_id': ids.users,
    ':role_id': ids.roles,
    ':project_id': ids.projects,
    ':domain_id': ids.domains,
    ':id': ids.projects,
  },
  samples: {
    auth: [byName('admin', 'secret', onProject('admin')).auth, byName('demo', 'wrong').auth, byToken(tokens[0] as string).auth],
    name: ['admin', 'demo', 'x'],
    domain_id: ['default'],
    default_project_id: ids.projects,
    parent_id: ids.projects,
    enabled: [true, false],
  },
  parameters: [
    'name',
    'domain_id',
    'enabled',
    'limit',
    'marker',
    'sort_key',
    'user.id',
    'role.id',
    'scope.project.id',
    'nocatalog',
    'effective',
  ],
});

/** A service as it was begins again: requests remove users, tokens and roles. */
async function refresh(): Promise<void> {
  await identity.end();
  identity = new IdentityFixture();
  await identity.start();
  const token = await identity.admin();
  tokens = [token, await identity.logIn('demo', 'demo-secret', onProject('demo'))];
  for (const kind of ['users', 'projects', 'roles'] as const) {
    const { body } = await identity.ask('GET', `/v3/${kind}`, { token });
    ids[kind] = (body[kind] as Array<{ id: string }>).map(({ id }) => id);
  }
}

/** `{"error": {"code": 400, "message": "…", "title": "Bad Request"}}` */
function keystoneShape(status: number, body: string): string | undefined {
  const { error } = JSON.parse(body) as { error?: Record<string, unknown> };
  const right = error?.['code'] === status && typeof error['message'] === 'string' && typeof error['title'] === 'string';
  return right ? undefined : `an error of another shape: ${body}`;
}

it(
  `answers ${runs} malformed requests without a failure, and keeps nothing of them`,
  async () => {
    await expectUnharmed({ url: () => identity.url, api, shape: keystoneShape, runs, seed, refresh });
  },
  runs * 60 + 120_000,
);
