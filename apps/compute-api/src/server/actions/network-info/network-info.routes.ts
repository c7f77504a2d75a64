import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../on-server.js';
import { NetworkInfoController } from './network-info.controller.js';
import { injectNetworkInfo } from './network-info.schema.js';

const policy = 'os_compute_api:os-admin-actions:inject_network_info';

export const networkInfoRoutes: readonly Route[] = aboutThings([
  route({ ...onServer('injectNetworkInfo'), policy, body: injectNetworkInfo }, NetworkInfoController, 'inject'),
]);
