import { type Route, route } from '@kilonova/http';
import { FloatingIpController } from './floating-ip.controller.js';

const rule = (name: string): string => `os_compute_api:os-floating-ips:${name}`;
const PATH = '/os-floating-ips';
const max = '2.35';

/** Gone since 2.36. */
export const floatingIpRoutes: readonly Route[] = [
  route({ method: 'GET', path: PATH, max, policy: rule('list') }, FloatingIpController, 'index'),
  route({ method: 'POST', path: PATH, max, policy: rule('create') }, FloatingIpController, 'create'),
  route({ method: 'GET', path: `${PATH}/:id`, max, policy: rule('show') }, FloatingIpController, 'notFound'),
  route({ method: 'DELETE', path: `${PATH}/:id`, max, policy: rule('delete') }, FloatingIpController, 'notFound'),
  route(
    { method: 'GET', path: '/os-floating-ip-pools', max, policy: 'os_compute_api:os-floating-ip-pools' },
    FloatingIpController,
    'pools',
  ),
];
