import { type Route, route } from '@kilonova/http';
import { CapacityController } from './capacity.controller.js';
import { capacityQuery } from './capacity.schema.js';

export const capacityRoutes: readonly Route[] = [
  route(
    { method: 'GET', path: '/os-capacity', extension: '1.1', policy: 'kilonova:capacity:show', query: capacityQuery },
    CapacityController,
    'show',
  ),
];
