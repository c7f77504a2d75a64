import { aboutThings, type Route, route } from '@kilonova/http';

import { ServerAddressController } from './server-address.controller.js';

const rule = (name: string): string => `os_compute_api:ips:${name}`;

export const serverAddressRoutes: readonly Route[] = aboutThings([
  route({ method: 'GET', path: '/servers/:id/ips', policy: rule('index') }, ServerAddressController, 'index'),
  route({ method: 'GET', path: '/servers/:id/ips/:network', policy: rule('show') }, ServerAddressController, 'ofNetwork'),
]);
