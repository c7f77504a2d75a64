import { type Route, route } from '@kilonova/http';
import { HostController } from './host.controller.js';
import { listHosts, updateHost } from './host.schema.js';

const rule = 'os_compute_api:os-hosts';
const max = '2.42';

/** Hosts left the API at 2.43. */
export const hostRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/os-hosts', max, policy: `${rule}:list`, query: listHosts }, HostController, 'index'),
  route({ method: 'GET', path: '/os-hosts/:id', max, policy: `${rule}:show` }, HostController, 'show'),
  route({ method: 'PUT', path: '/os-hosts/:id', max, policy: `${rule}:update`, body: updateHost }, HostController, 'update'),
  route({ method: 'GET', path: '/os-hosts/:id/startup', max, policy: `${rule}:start` }, HostController, 'power'),
  route({ method: 'GET', path: '/os-hosts/:id/shutdown', max, policy: `${rule}:shutdown` }, HostController, 'power'),
  route({ method: 'GET', path: '/os-hosts/:id/reboot', max, policy: `${rule}:reboot` }, HostController, 'power'),
];
