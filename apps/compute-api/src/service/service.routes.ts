import { type Route, route } from '@kilonova/http';
import { ServiceController } from './service.controller.js';
import { actOnService, listServices, updateService } from './service.schema.js';

const rule = 'os_compute_api:os-services';

export const serviceRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/os-services', policy: `${rule}:list`, query: listServices }, ServiceController, 'index'),
  route(
    { method: 'PUT', path: '/os-services/:id', max: '2.52', policy: `${rule}:update`, body: actOnService },
    ServiceController,
    'act',
  ),
  route(
    { method: 'PUT', path: '/os-services/:id', min: '2.53', policy: `${rule}:update`, body: updateService },
    ServiceController,
    'update',
  ),
  route({ method: 'DELETE', path: '/os-services/:id', policy: `${rule}:delete` }, ServiceController, 'remove'),
];
