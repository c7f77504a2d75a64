import { type Route, route } from '@kilonova/http';
import { LimitsController } from './limits.controller.js';
import { limitsQuery } from './limits.schema.js';

export const limitsRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/limits', policy: 'os_compute_api:limits', query: limitsQuery }, LimitsController, 'index'),
];
