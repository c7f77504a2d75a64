import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IdentityFixture, onProject, type Question } from '../testing/identity-fixture.js';

let identity: IdentityFixture;
let token: string;

beforeEach(async () => {
  identity = new IdentityFixture();
  await identity.start();
  token = await identity.admin();
});

afterEach(() => identity.end());

const ask = (method: string, path: string, question: Question = {}) => identity.ask(method, path, { token, ...question });

describe('administrators', () => {
  it('make users, projects and grants, as test suites with credentials of their own do', async () => {
    const project = (
      await ask('POST', '/v3/projects', { body: { project: { name: 'p1', description: 'd', domain_id: 'default' } } })
    ).body.project;
    const user = (
      await ask('POST', '/v3/users', {
        body: { user: { name: 'u1', password: 'pw', email: 'u@example.org', domain_id: 'default' } },
      })
    ).body.user;
    expect(project).toMatchObject({ name: 'p1', parent_id: 'default', enabled: true, is_domain: false });
    expect(user).toMatchObject({ name: 'u1', email: 'u@example.org', enabled: true });
    expect(JSON.stringify(user)).not.toMatch(/scrypt|"pw"/);
    const role = (await ask('GET', '/v3/roles?name=member')).body.roles[0];
    const grant = `/v3/projects/${project.id}/users/${user.id}/roles/${role.id}`;
    expect((await ask('HEAD', grant)).status).toBe(404);
    expect((await ask('PUT', grant)).status).toBe(204);
    expect((await ask('HEAD', grant)).status).toBe(204);
    expect((await ask('GET', `/v3/projects/${project.id}/users/${user.id}/roles`)).body.roles).toHaveLength(1);
    const own = await identity.logIn('u1', 'pw', { project: { id: project.id } });
    expect((await ask('GET', `/v3/users/${user.id}/projects`, { token: own })).body.projects).toHaveLength(1);
    expect((await ask('DELETE', grant)).status).toBe(204);
    expect((await ask('GET', '/v3/auth/projects', { token: own })).status).toBe(401);
    expect((await ask('DELETE', `/v3/users/${user.id}`)).status).toBe(204);
    expect((await ask('DELETE', `/v3/projects/${project.id}`)).status).toBe(204);
    expect((await ask('GET', `/v3/projects/${project.id}`)).status).toBe(404);
  });

  it('list role assignments, with names and implied roles when they ask', async () => {
    const { id } = (await ask('GET', '/v3/users?name=admin')).body.users[0];
    const path = `/v3/role_assignments?user.id=${id}&scope.system=all`;
    expect((await ask('GET', path)).body.role_assignments).toEqual([
      {
        role: { id: expect.any(String) },
        user: { id },
        scope: { system: { all: true } },
        links: { assignment: expect.stringContaining(`/v3/system/users/${id}/roles/`) },
      },
    ]);
    const effective = (await ask('GET', `${path}&effective&include_names=true`)).body.role_assignments;
    expect(effective.map((row: { role: { name: string } }) => row.role.name).sort()).toEqual([
      'admin',
      'manager',
      'member',
      'reader',
    ]);
    expect(effective[0].user).toMatchObject({ name: 'admin', domain: { name: 'Default' } });
  });

  it('may use a name once in a domain, and delete a domain once it is disabled', async () => {
    expect((await ask('POST', '/v3/users', { body: { user: { name: 'demo' } } })).status).toBe(409);
    expect((await ask('POST', '/v3/projects', { body: { project: { name: 'x', domain_id: 'nowhere' } } })).status).toBe(404);
    const { id } = (await ask('POST', '/v3/domains', { body: { domain: { name: 'other' } } })).body.domain;
    const user = (await ask('POST', '/v3/users', { body: { user: { name: 'demo', domain_id: id } } })).body.user;
    expect((await ask('DELETE', `/v3/domains/${id}`)).status).toBe(403);
    await ask('PATCH', `/v3/domains/${id}`, { body: { domain: { enabled: false } } });
    expect((await ask('DELETE', `/v3/domains/${id}`)).status).toBe(204);
    expect((await ask('GET', `/v3/users/${user.id}`)).status).toBe(404);
  });

  it('read the catalog', async () => {
    const [service] = (await ask('GET', '/v3/services')).body.services;
    expect(service).toMatchObject({ type: 'compute', name: 'nova', enabled: true });
    expect((await ask('GET', `/v3/endpoints?service_id=${service.id}&interface=public`)).body.endpoints).toHaveLength(1);
    expect((await ask('GET', '/v3/regions')).body.regions.map((region: { id: string }) => region.id)).toEqual(['RegionOne']);
    expect((await ask('GET', '/v3/groups')).body.groups).toEqual([]);
  });

  it('are told 400 or 404 for what does not fit, never 500', async () => {
    for (const body of [
      {},
      { user: {} },
      { user: { name: 1 } },
      { user: { name: '' } },
      { user: { name: 'x', enabled: 'maybe' } },
      [],
    ]) {
      expect([body, (await ask('POST', '/v3/users', { body })).status]).toEqual([body, 400]);
    }
    expect((await ask('POST', '/v3/projects', { body: { project: { name: 'x'.repeat(65) } } })).status).toBe(400);
    expect(
      (await ask('POST', '/v3/projects', { body: { project: { name: 'no-domain', domain_id: null } } })).body.project.domain_id,
    ).toBe('default');
    for (const project of [
      { name: 'd', is_domain: true },
      { name: 'n', parent_id: 'other' },
    ]) {
      expect([project, (await ask('POST', '/v3/projects', { body: { project } })).status]).toEqual([project, 400]);
    }
    for (const path of [
      '/v3/users/constructor',
      '/v3/roles/__proto__',
      '/v3/projects/toString',
      '/v3/domains/constructor',
      '/v3/endpoints/x',
    ]) {
      expect([path, (await ask('GET', path)).status]).toEqual([path, 404]);
    }
  });

  it('lose nothing that was acknowledged, however much they ask at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => ask('POST', '/v3/projects', { body: { project: { name: `many-${n}` } } })),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201]));
    await identity.restart();
    const names: readonly string[] = (await ask('GET', '/v3/projects')).body.projects.map(
      (project: { name: string }) => project.name,
    );
    expect(names.filter((name) => name.startsWith('many-'))).toHaveLength(30);
  });
});

describe('everybody else', () => {
  it('sees what is their own, and nothing more', async () => {
    token = await identity.logIn('demo', 'demo-secret');
    const me = (await ask('GET', '/v3/auth/tokens', { subject: token })).body.token;
    for (const path of ['/v3/users', '/v3/projects', '/v3/roles', '/v3/domains', '/v3/role_assignments', '/v3/services']) {
      expect([path, (await ask('GET', path)).status]).toEqual([path, 403]);
    }
    expect((await ask('GET', `/v3/users/${me.user.id}`)).status).toBe(200);
    expect((await ask('GET', `/v3/projects/${me.project.id}`)).status).toBe(200);
    expect((await ask('GET', '/v3/auth/catalog')).body.catalog).toHaveLength(1);
    expect([(await ask('GET', '/v3/domains/default')).status, (await ask('GET', '/v3/domains/other')).status]).toEqual([
      200, 403,
    ]);
  });

  it('M3: a service checks the tokens of others, and manages nothing', async () => {
    const subject = await identity.logIn('demo', 'demo-secret');
    token = await identity.logIn('agent', 'agent-secret', onProject('service'));
    const { user, project } = (await ask('GET', '/v3/auth/tokens', { subject })).body.token;
    for (const path of ['/v3/users', `/v3/users/${user.id}`, `/v3/projects/${project.id}`, '/v3/roles', '/v3/role_assignments']) {
      expect([path, (await ask('GET', path)).status]).toEqual([path, 403]);
    }
    expect((await ask('PUT', `/v3/projects/${project.id}/users/${user.id}/roles/${user.id}`)).status).toBe(403);
    expect((await ask('DELETE', '/v3/auth/tokens', { subject })).status).toBe(403);
  });

  it('reads the versions without a token', async () => {
    const root = await identity.ask('GET', '/');
    expect([root.status, root.headers.get('location')]).toEqual([300, `${identity.url}/v3/`]);
    expect(root.body.versions.values[0]).toMatchObject({ id: 'v3.14', status: 'stable' });
    expect((await identity.ask('GET', '/v3')).body.version.links[0].href).toBe(`${identity.url}/v3/`);
  });
});
