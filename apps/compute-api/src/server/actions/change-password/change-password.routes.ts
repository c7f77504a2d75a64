import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../on-server.js';
import { ChangePasswordController } from './change-password.controller.js';
import { changePassword } from './change-password.schema.js';

export const changePasswordRoutes: readonly Route[] = aboutThings([
  route(
    { ...onServer('changePassword'), policy: 'os_compute_api:os-admin-password', body: changePassword },
    ChangePasswordController,
    'change',
  ),
]);
