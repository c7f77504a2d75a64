import { aboutThings, type Route, route } from '@kilonova/http';
import { deleteRow } from './actions/delete/delete.routes.js';
import { ServerController } from './server.controller.js';
import * as schemas from './server.schema.js';
import { ServerItemController } from './server-item.controller.js';
import { dryRunQuery } from './trial/dry-run.js';

const rule = (name: string): string => `os_compute_api:servers:${name}`;

export const serverRoutes: readonly Route[] = [
  route(
    { method: 'GET', path: '/servers', dear: true, policy: rule('index'), query: schemas.listServers },
    ServerController,
    'index',
  ),
  route(
    { method: 'POST', path: '/servers', policy: rule('create'), query: dryRunQuery, body: schemas.createServer },
    ServerController,
    'create',
  ),
  route(
    { method: 'GET', path: '/servers/detail', dear: true, policy: rule('detail'), query: schemas.listServers },
    ServerController,
    'detail',
  ),
  ...aboutThings([
    route({ method: 'GET', path: '/servers/:id', policy: rule('show') }, ServerItemController, 'show'),
    route(
      { method: 'PUT', path: '/servers/:id', policy: rule('update'), body: schemas.updateServer },
      ServerItemController,
      'update',
    ),
    deleteRow,
  ]),
];
