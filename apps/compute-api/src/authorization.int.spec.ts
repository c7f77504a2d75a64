import type { Route } from '@kilonova/http';
import { beforeAll, describe, expect, it } from 'vitest';
import { BareMetalController } from './bare-metal/bare-metal.controller.js';
import { computeRoutes } from './compute-routes.js';
import { computeRules } from './compute-rules.js';
import { GoneController } from './gone/gone.controller.js';
import { ImageController } from './image/image.controller.js';
import { ImageMetadataController } from './image/image-metadata.controller.js';
import { publishedDefault, type Standing, statusOf } from './spec-support/policy-oracle.js';
import { PASSED, PolicyProbe, tokenIsPrincipal } from './spec-support/policy-probe.js';
import { type Relation, requestOf, rowName, type Subject, subjectOf } from './spec-support/route-walk.js';
import { useServerCloud } from './spec-support/server-cloud.js';
import { VersionController } from './version/version.controller.js';

const RELATIONS = ['own', 'mate', 'stranger'] as const;
const OWNERS: Readonly<Record<Relation, { readonly userId: string; readonly projectId: string }>> = {
  own: { userId: 'u', projectId: 'p' },
  mate: { userId: 'mate', projectId: 'p' },
  stranger: { userId: 'x', projectId: 'other' },
};
const ROLES = ['none', 'custom', 'reader', 'member', 'manager', 'admin', 'service'];
const SCOPES = {
  project: { projectId: 'p' },
  unscoped: {},
  domain: { domainId: 'd' },
  system: { systemScope: 'all' },
} as const;
type Scope = keyof typeof SCOPES;

/** Rows that have no rule, upstream neither: the image service decides itself, flavors and versions are for everybody, the rest refuses or is gone. */
const isUnguarded = ({ controller, method, path, policy }: Route): boolean =>
  (controller === BareMetalController && policy === undefined) ||
  ([GoneController, ImageController, ImageMetadataController, VersionController] as unknown[]).includes(controller) ||
  (method === 'GET' && /^\/flavors(\/detail|\/:id)?$/.test(path));
const guarded = computeRoutes.filter((row) => !isUnguarded(row));

interface Case {
  readonly row: Route;
  readonly role: string;
  readonly scope: Scope;
  readonly relation: Relation;
}

/** What an operator's file changes. */
interface Change {
  readonly overrides: Readonly<Record<string, string>>;
  readonly adminRole: string;
  /** The decision of a rule that is not the published one. */
  readonly decide: (rule: string) => ((standing: Standing) => boolean) | undefined;
}
const UNCHANGED: Change = { overrides: {}, adminRole: 'admin', decide: () => undefined };

describe('H2, H3: who may do what', () => {
  const policy = new PolicyProbe({ rules: computeRules, enforceNewDefaults: true });
  const cloud = useServerCloud({}, { policy, authenticate: tokenIsPrincipal });
  const servers = {} as Record<Relation, string>;
  const groups = {} as Record<Relation, string>;
  beforeAll(async () => {
    for (const relation of RELATIONS) {
      const as = `${OWNERS[relation].userId}:${OWNERS[relation].projectId}`;
      servers[relation] = await cloud.active({}, { as });
      const body = { server_group: { name: 'g', policy: 'affinity' } };
      groups[relation] = (await cloud.call('POST', '/os-server-groups', { as, body })).body.server_group.id as string;
    }
  });

  const idOf = (subject: Subject, relation: Relation): string =>
    ({ server: servers[relation], group: groups[relation], project: OWNERS[relation].projectId, 'key-pair': 'k', nothing: '1' })[
      subject
    ];

  const tokenOf = (role: string, scope: Scope, probe?: string): string =>
    JSON.stringify({ userId: 'u', roles: role === 'none' ? [] : [role], ...SCOPES[scope], isAdmin: role === 'admin', probe });

  const probed = async ({ row, role, scope, relation }: Case): Promise<number> => {
    const user = row.path === '/os-keypairs' && relation === 'own' ? undefined : OWNERS[relation].userId;
    const { method, path, ...call } = requestOf(row, idOf(subjectOf(row), relation), user);
    return (await cloud.call(method, path, { ...call, as: tokenOf(role, scope, row.policy), roles: '' })).status;
  };

  const expected = ({ row, role, scope, relation }: Case, { adminRole, decide }: Change): number => {
    if (scope === 'domain' || scope === 'system') return 403;
    const rule = row.policy as string;
    const subject = subjectOf(row);
    const owner = OWNERS[subject === 'nothing' ? 'own' : relation];
    const standing: Standing = {
      roles: [role],
      isAdmin: role === adminRole,
      sameProject: scope === 'project' && owner.projectId === 'p' && subject !== 'key-pair',
      sameUser: owner.userId === 'u' && subject !== 'project',
    };
    if (subject === 'server' && !standing.isAdmin && !standing.sameProject) return 404;
    return statusOf(rule, standing, decide(rule));
  };

  const casesOf = (roles: readonly string[], scopes: readonly Scope[]): Case[] =>
    guarded.flatMap((row) =>
      (subjectOf(row) === 'nothing' ? (['own'] as const) : RELATIONS).flatMap((relation) =>
        scopes.flatMap((scope) => roles.map((role) => ({ row, role, scope, relation }))),
      ),
    );

  /** Cases in which the API decides otherwise than it should. */
  const differences = async (cases: readonly Case[], change: Change): Promise<string[]> => {
    policy.replaceOverrides(change.overrides);
    const found: string[] = [];
    const rest = [...cases];
    const walk = async (): Promise<void> => {
      for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
        const [got, wanted] = [await probed(next), expected(next, change)];
        const { row, role, scope, relation } = next;
        if (got !== wanted) found.push(`${rowName(row)}: ${role}, ${scope}, ${relation}: ${got} instead of ${wanted}`);
      }
    };
    await Promise.all(Array.from({ length: 8 }, walk));
    policy.replaceOverrides({});
    return found.sort();
  };

  it('every row has a rule, and every rule its published default', () => {
    expect(guarded.filter(({ policy: rule }) => rule === undefined).map(rowName)).toEqual([]);
    expect(computeRoutes.filter((row) => isUnguarded(row) && row.policy !== undefined).map(rowName)).toEqual([]);
    const rules = computeRules.filter(({ operations }) => operations !== undefined);
    expect(rules.map(({ name }) => publishedDefault(name))).toHaveLength(rules.length);
  });

  it('H2, H3: every row decides as published, for each role, scope and owner', async () => {
    const cases = casesOf(ROLES, ['project', 'unscoped', 'domain', 'system']);
    expect(cases.length).toBeGreaterThan(3_000);
    expect(await differences(cases, UNCHANGED)).toEqual([]);
  }, 180_000);

  it('H3: rows without a rule are closed to tokens of a domain or the system', async () => {
    const open: string[] = [];
    for (const row of computeRoutes.filter(isUnguarded)) {
      for (const scope of ['domain', 'system'] as const) {
        const { method, path, ...call } = requestOf(row, '1');
        const { status } = await cloud.call(method, path, { ...call, as: tokenOf('admin', scope), roles: '' });
        if (status !== 403) open.push(`${rowName(row)}: ${scope}: ${status}`);
      }
    }
    expect(open).toEqual([]);
  });

  it('H2: rules about owners hold on every row that they are set for', async () => {
    const rules = new Set(guarded.flatMap((row) => (['server', 'group'].includes(subjectOf(row)) ? [row.policy as string] : [])));
    const owner = ({ sameUser }: Standing): boolean => sameUser;
    const change: Change = {
      ...UNCHANGED,
      overrides: Object.fromEntries([...rules].map((rule) => [rule, 'user_id:%(user_id)s'])),
      decide: (rule) => (rules.has(rule) ? owner : undefined),
    };
    expect(await differences(casesOf(['none', 'member', 'admin'], ['project']), change)).toEqual([]);
  }, 180_000);

  it('H2: the rule of who is an administrator holds on every row', async () => {
    const change: Change = { ...UNCHANGED, overrides: { context_is_admin: 'role:cloud_admin' }, adminRole: 'cloud_admin' };
    expect(await differences(casesOf(['member', 'admin', 'cloud_admin'], ['project']), change)).toEqual([]);
  }, 180_000);

  it('H2: a rule that others refer to holds on every row of theirs', async () => {
    const change: Change = {
      ...UNCHANGED,
      overrides: { project_member_api: 'role:member and user_id:%(user_id)s' },
      decide: (rule) =>
        publishedDefault(rule) === 'project_member_or_admin'
          ? ({ isAdmin, sameUser, roles }) =>
              isAdmin || (sameUser && ['member', 'manager', 'admin'].some((r) => roles.includes(r)))
          : undefined,
    };
    expect(await differences(casesOf(['reader', 'member', 'admin'], ['project']), change)).toEqual([]);
  }, 180_000);

  const secondary: ReadonlyArray<readonly [string, () => string]> = [
    ['os_compute_api:servers:index:get_all_tenants', () => '/servers?all_tenants=1'],
    ['os_compute_api:servers:detail:get_all_tenants', () => '/servers/detail?all_tenants=1'],
    ['os_compute_api:servers:allow_all_filters', () => '/servers?host=h'],
    ['os_compute_api:os-server-groups:index:all_projects', () => '/os-server-groups?all_projects=1'],
    ['os_compute_api:limits:other_project', () => '/limits?tenant_id=other'],
    ['os_compute_api:os-migrations:index:all_projects', () => '/os-migrations?project_id=other'],
    ['os_compute_api:os-extended-server-attributes', () => `/servers/${servers.own}`],
    ['os_compute_api:os-extended-server-attributes', () => '/servers/detail'],
    ['os_compute_api:servers:show:host_status', () => `/servers/${servers.mate}`],
    ['os_compute_api:servers:show:flavor-extra-specs', () => '/servers/detail'],
    ['kilonova:servers:scheduling:verdicts', () => `/servers/${servers.own}/scheduling`],
  ];
  it.each(secondary)('%s is asked as well: %s', async (rule, path) => {
    const asked = async (role: string): Promise<boolean> => {
      const call = { as: tokenOf(role, 'project', rule), roles: '', at: '2.96, kilonova 1.1' };
      return (await cloud.call('GET', path(), call)).status === PASSED;
    };
    const standing = { sameProject: true, sameUser: true };
    for (const role of ['reader', 'manager', 'admin']) {
      const may = statusOf(rule, { roles: [role], isAdmin: role === 'admin', ...standing }) === PASSED;
      expect([role, await asked(role)]).toEqual([role, may && (role !== 'reader' || !rule.includes('migrations'))]);
    }
  });
});
