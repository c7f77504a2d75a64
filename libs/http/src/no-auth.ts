import type { Authenticate } from './pipeline/api-options.js';

const one = (value: string | string[] | undefined): string => (Array.isArray(value) ? value[0] : value) ?? '';

/**
 * For development and tests: the token is the user, `user[:project]`. Roles come from `x-roles`; without it user `admin`
 * has role admin and others have none. `x-project-id` names another project than the token,
 * `x-domain-id` a domain, `openstack-system-scope: all` the system that it is scoped to instead.
 */
export const noAuth2 = (): Authenticate => (headers) => {
  const [userId = '', tokenProject = userId] = one(headers['x-auth-token']).split(':');
  const projectId = one(headers['x-project-id']) || tokenProject;
  if (userId === '') return Promise.resolve(undefined);
  const given = one(headers['x-roles'])
    .split(',')
    .map((role) => role.trim())
    .filter((role) => role !== '');
  const roles = given.length > 0 ? given : userId === 'admin' ? ['admin'] : [];
  const system = one(headers['openstack-system-scope']);
  const domain = one(headers['x-domain-id']);
  const scope = system === 'all' ? { systemScope: 'all' } : domain !== '' ? { domainId: domain } : { projectId };
  return Promise.resolve({ userId, ...scope, roles, isAdmin: false });
};
