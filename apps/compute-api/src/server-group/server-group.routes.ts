import { aboutThings, type Route, route } from '@kilonova/http';
import { noQuery } from '../common/parameter-types.js';
import { ServerGroupController } from './server-group.controller.js';
import { createServerGroup, listServerGroups } from './server-group.schema.js';

const rule = 'os_compute_api:os-server-groups';

export const serverGroupRoutes: readonly Route[] = [
  route(
    { method: 'GET', path: '/os-server-groups', dear: true, policy: `${rule}:index`, query: listServerGroups },
    ServerGroupController,
    'index',
  ),
  route(
    { method: 'POST', path: '/os-server-groups', policy: `${rule}:create`, body: createServerGroup },
    ServerGroupController,
    'create',
  ),
  ...aboutThings([
    route(
      { method: 'GET', path: '/os-server-groups/:id', policy: `${rule}:show`, query: noQuery },
      ServerGroupController,
      'show',
    ),
    route({ method: 'DELETE', path: '/os-server-groups/:id', policy: `${rule}:delete` }, ServerGroupController, 'remove'),
  ]),
];
