import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../on-server.js';
import { RestoreController } from './restore.controller.js';
import { restore } from './restore.schema.js';

export const restoreRoutes: readonly Route[] = aboutThings([
  route(
    { ...onServer('restore'), policy: 'os_compute_api:os-deferred-delete:restore', body: restore },
    RestoreController,
    'restore',
  ),
]);
