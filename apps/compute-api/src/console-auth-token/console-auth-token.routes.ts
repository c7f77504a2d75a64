import { type Route, route } from '@kilonova/http';
import { noQuery } from '../common/parameter-types.js';
import { ConsoleAuthTokenController } from './console-auth-token.controller.js';

export const consoleAuthTokenRoutes: readonly Route[] = [
  route(
    { method: 'GET', path: '/os-console-auth-tokens/:id', policy: 'os_compute_api:os-console-auth-tokens', query: noQuery },
    ConsoleAuthTokenController,
    'show',
  ),
];
