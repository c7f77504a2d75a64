import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../on-server.js';
import { RescueController } from './rescue.controller.js';
import { rescue, unrescue } from './rescue.schema.js';

export const rescueRoutes: readonly Route[] = aboutThings([
  route({ ...onServer('rescue'), policy: 'os_compute_api:os-rescue', body: rescue }, RescueController, 'rescue'),
  route({ ...onServer('unrescue'), policy: 'os_compute_api:os-unrescue', body: unrescue }, RescueController, 'unrescue'),
]);
