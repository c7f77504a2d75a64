import { aboutThings, type Route, route } from '@kilonova/http';
import { ServerMigrationController } from './server-migration.controller.js';
import { forceComplete } from './server-migration.schema.js';

const rule = (name: string): string => `os_compute_api:servers:migrations:${name}`;
const PATH = '/servers/:id/migrations';

export const serverMigrationRoutes: readonly Route[] = aboutThings([
  route({ method: 'GET', path: PATH, min: '2.23', policy: rule('index') }, ServerMigrationController, 'index'),
  route({ method: 'GET', path: `${PATH}/:migration`, min: '2.23', policy: rule('show') }, ServerMigrationController, 'show'),
  route(
    { method: 'DELETE', path: `${PATH}/:migration`, min: '2.24', policy: rule('delete') },
    ServerMigrationController,
    'abort',
  ),
  route(
    {
      method: 'POST',
      path: `${PATH}/:migration/action`,
      action: 'force_complete',
      min: '2.22',
      policy: rule('force_complete'),
      body: forceComplete,
    },
    ServerMigrationController,
    'forceComplete',
  ),
]);
