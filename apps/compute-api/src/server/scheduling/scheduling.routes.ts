import { aboutThings, type Route, route } from '@kilonova/http';
import { SchedulingController } from './scheduling.controller.js';

export const schedulingRoutes: readonly Route[] = aboutThings([
  route(
    { method: 'GET', path: '/servers/:id/scheduling', extension: '1.0', policy: 'kilonova:servers:scheduling:show' },
    SchedulingController,
    'show',
  ),
]);
