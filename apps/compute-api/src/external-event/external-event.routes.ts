import { type Route, route } from '@kilonova/http';
import { ExternalEventController } from './external-event.controller.js';
import { externalEvents } from './external-event.schema.js';

export const externalEventRoutes: readonly Route[] = [
  route(
    {
      method: 'POST',
      path: '/os-server-external-events',
      policy: 'os_compute_api:os-server-external-events:create',
      body: externalEvents,
    },
    ExternalEventController,
    'create',
  ),
];
