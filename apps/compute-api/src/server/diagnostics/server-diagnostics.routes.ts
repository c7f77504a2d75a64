import { aboutThings, type Route, route } from '@kilonova/http';
import { ServerDiagnosticsController } from './server-diagnostics.controller.js';

export const serverDiagnosticsRoutes: readonly Route[] = aboutThings([
  route(
    { method: 'GET', path: '/servers/:id/diagnostics', policy: 'os_compute_api:os-server-diagnostics' },
    ServerDiagnosticsController,
    'show',
  ),
]);
