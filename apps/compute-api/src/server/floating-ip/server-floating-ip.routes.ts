import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../actions/on-server.js';
import { ServerFloatingIpController } from './server-floating-ip.controller.js';
import { addFloatingIp, removeFloatingIp } from './server-floating-ip.schema.js';

const rule = (name: string): string => `os_compute_api:os-floating-ips:${name}`;
const max = '2.43';

/** Gone since 2.44. */
export const serverFloatingIpRoutes: readonly Route[] = aboutThings([
  route({ ...onServer('addFloatingIp'), max, policy: rule('add'), body: addFloatingIp }, ServerFloatingIpController, 'notFound'),
  route(
    { ...onServer('removeFloatingIp'), max, policy: rule('remove'), body: removeFloatingIp },
    ServerFloatingIpController,
    'notFound',
  ),
]);
