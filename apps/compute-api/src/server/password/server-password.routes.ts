import { aboutThings, type Route, route } from '@kilonova/http';

import { ServerPasswordController } from './server-password.controller.js';

const rule = (name: string): string => `os_compute_api:os-server-password:${name}`;
const path = '/servers/:id/os-server-password';

export const serverPasswordRoutes: readonly Route[] = aboutThings([
  route({ method: 'GET', path, policy: rule('show') }, ServerPasswordController, 'show'),
  route({ method: 'DELETE', path, policy: rule('clear') }, ServerPasswordController, 'clear'),
]);
