import { aboutThings, type Route, route } from '@kilonova/http';
import { rebuildServer } from '../../server.schema.js';
import { onServer } from '../on-server.js';
import { RebuildController } from './rebuild.controller.js';

export const rebuildRoutes: readonly Route[] = aboutThings([
  route({ ...onServer('rebuild'), policy: 'os_compute_api:servers:rebuild', body: rebuildServer }, RebuildController, 'rebuild'),
]);
