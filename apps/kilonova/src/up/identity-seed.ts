import { stringify } from 'yaml';
import type { CloudLayout } from './cloud-layout.js';
import type { ServiceUser } from './service-users.js';

/** Passwords of people. */
export interface SeedPasswords {
  readonly admin: string;
  readonly demo: string;
}

/** The administrator that all services of earlier releases shared. */
const SHARED_USER = 'kilonova';

/** What the identity companion must know at start: an administrator, a user for each service, an ordinary one, the catalog. */
export const identitySeed = (
  { endpoints, internal }: Pick<CloudLayout, 'endpoints' | 'internal'>,
  passwords: SeedPasswords,
  services: readonly ServiceUser[],
): string =>
  stringify({
    projects: [{ name: 'admin' }, { name: 'service' }, { name: 'demo' }],
    users: [
      {
        name: 'admin',
        password: passwords.admin,
        default_project: 'admin',
        roles: [
          { role: 'admin', project: 'admin' },
          { role: 'admin', system: true },
        ],
      },
      ...services.map(seedOf),
      { name: 'demo', password: passwords.demo, default_project: 'demo', roles: [{ role: 'member', project: 'demo' }] },
    ],
    absent_users: [SHARED_USER],
    services: [
      { type: 'identity', name: 'keystone', url: endpoints.identity, internal_url: internal.identity },
      { type: 'compute', name: 'nova', url: endpoints.compute, internal_url: internal.compute },
      { type: 'placement', name: 'placement', url: endpoints.placement, internal_url: internal.placement },
      { type: 'image', name: 'glance', url: endpoints.image, internal_url: internal.image },
    ],
  });

const seedOf = ({ name, password, administrator }: ServiceUser) => ({
  name,
  password,
  roles: [...(administrator ? ['admin'] : []), 'service'].map((role) => ({ role, project: 'service' })),
});
