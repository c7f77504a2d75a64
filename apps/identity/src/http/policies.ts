import type { PolicyRule } from '@kilonova/policy';

const ADMIN = 'role:admin';

const rule = (name: string, check: string, description: string, ...operations: readonly string[]): PolicyRule => ({
  name: `identity:${name}`,
  check,
  description,
  operations,
  scopeTypes: ['project', 'domain', 'system'],
});

/** The five rules of a kind of thing that administrators manage. */
const managed = (noun: string, path: string, reader = ADMIN): readonly PolicyRule[] => [
  rule(`list_${noun}s`, reader, `List ${noun}s`, `GET /v3/${path}`),
  rule(`get_${noun}`, reader, `Show a ${noun}`, `GET /v3/${path}/{id}`),
  rule(`create_${noun}`, ADMIN, `Create a ${noun}`, `POST /v3/${path}`),
  rule(`update_${noun}`, ADMIN, `Change a ${noun}`, `PATCH /v3/${path}/{id}`),
  rule(`delete_${noun}`, ADMIN, `Delete a ${noun}`, `DELETE /v3/${path}/{id}`),
];

const named = (rules: readonly PolicyRule[], name: string, check: string): readonly PolicyRule[] =>
  rules.map((entry) => (entry.name === `identity:${name}` ? { ...entry, check } : entry));

/** Who may do what, under Keystone's names of rules: administrators manage; everyone sees what is their own. */
export const policies: readonly PolicyRule[] = [
  ...named(managed('domain', 'domains'), 'get_domain', `${ADMIN} or user_domain_id:%(domain_id)s`),
  ...named(managed('project', 'projects'), 'get_project', `${ADMIN} or project_id:%(project_id)s`),
  ...named(managed('user', 'users'), 'get_user', `${ADMIN} or user_id:%(user_id)s`),
  ...managed('role', 'roles'),
  rule('list_user_projects', `${ADMIN} or user_id:%(user_id)s`, 'List the projects of a user', 'GET /v3/users/{id}/projects'),
  rule('list_role_assignments', ADMIN, 'List role assignments', 'GET /v3/role_assignments'),
  rule('check_grant', ADMIN, 'See whether a role is given', 'HEAD /v3/{target}/users/{user}/roles/{role}'),
  rule('create_grant', ADMIN, 'Give a role', 'PUT /v3/{target}/users/{user}/roles/{role}'),
  rule('revoke_grant', ADMIN, 'Take a role away', 'DELETE /v3/{target}/users/{user}/roles/{role}'),
  rule('list_catalog', ADMIN, 'List services, endpoints and regions', 'GET /v3/services', 'GET /v3/endpoints', 'GET /v3/regions'),
  rule('list_groups', `${ADMIN} or user_id:%(user_id)s`, 'List groups', 'GET /v3/groups', 'GET /v3/users/{id}/groups'),
  rule('validate_token', `${ADMIN} or role:service or user_id:%(user_id)s`, 'Look a token up', 'GET /v3/auth/tokens'),
  rule('revoke_token', `${ADMIN} or user_id:%(user_id)s`, 'Take a token back', 'DELETE /v3/auth/tokens'),
];
