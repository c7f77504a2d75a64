import { type Route, route } from '@kilonova/http';
import { NetworkController } from './network.controller.js';

const rule = (name: string): string => `os_compute_api:${name}`;
const max = '2.35';

/** Gone since 2.36. */
export const networkRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/os-networks', max, policy: rule('os-networks:list') }, NetworkController, 'index'),
  route({ method: 'GET', path: '/os-networks/:id', max, policy: rule('os-networks:show') }, NetworkController, 'show'),
  route(
    { method: 'GET', path: '/os-tenant-networks', max, policy: rule('os-tenant-networks:list') },
    NetworkController,
    'tenantIndex',
  ),
  route(
    { method: 'GET', path: '/os-tenant-networks/:id', max, policy: rule('os-tenant-networks:show') },
    NetworkController,
    'tenantShow',
  ),
];
