import { stringify } from 'yaml';
import type { Endpoints } from './client-files.js';

/** Passwords by user. */
export interface SeedPasswords {
  readonly admin: string;
  readonly service: string;
  readonly demo: string;
}

/** What the identity companion must know at start: an administrator, the services' user, an ordinary one, the catalog. */
export const identitySeed = (endpoints: Endpoints, internal: Endpoints, passwords: SeedPasswords): string =>
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
      {
        name: 'kilonova',
        password: passwords.service,
        roles: [
          { role: 'admin', project: 'service' },
          { role: 'service', project: 'service' },
        ],
      },
      { name: 'demo', password: passwords.demo, default_project: 'demo', roles: [{ role: 'member', project: 'demo' }] },
    ],
    services: [
      { type: 'identity', name: 'keystone', url: endpoints.identity, internal_url: internal.identity },
      { type: 'compute', name: 'nova', url: endpoints.compute, internal_url: internal.compute },
      { type: 'placement', name: 'placement', url: endpoints.placement, internal_url: internal.placement },
      { type: 'image', name: 'glance', url: endpoints.image, internal_url: internal.image },
    ],
  });
