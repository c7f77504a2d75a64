import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../on-server.js';
import { ConsoleOutputController } from './console-output.controller.js';
import { getConsoleOutput } from './console-output.schema.js';

export const consoleOutputRoutes: readonly Route[] = aboutThings([
  route(
    { ...onServer('os-getConsoleOutput'), policy: 'os_compute_api:os-console-output', body: getConsoleOutput },
    ConsoleOutputController,
    'show',
  ),
]);
