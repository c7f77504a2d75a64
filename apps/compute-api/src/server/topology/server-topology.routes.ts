import { aboutThings, type Route, route } from '@kilonova/http';

import { ServerTopologyController } from './server-topology.controller.js';

export const serverTopologyRoutes: readonly Route[] = aboutThings([
  route(
    { method: 'GET', path: '/servers/:id/topology', min: '2.78', policy: 'compute:server:topology:index' },
    ServerTopologyController,
    'show',
  ),
]);
