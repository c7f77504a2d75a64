import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../on-server.js';
import { ResetStateController } from './reset-state.controller.js';
import { resetState } from './reset-state.schema.js';

const policy = 'os_compute_api:os-admin-actions:reset_state';

export const resetStateRoutes: readonly Route[] = aboutThings([
  route({ ...onServer('os-resetState'), policy, body: resetState }, ResetStateController, 'resetState'),
]);
