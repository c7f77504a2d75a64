import { aboutThings, type Route, route } from '@kilonova/http';
import { SchedulingController } from './scheduling.controller.js';

export const schedulingRoutes: readonly Route[] = aboutThings([
  route(
    { method: 'GET', path: '/servers/:id/scheduling', policy: 'kilonova:servers:scheduling:show' },
    SchedulingController,
    'show',
  ),
]);
