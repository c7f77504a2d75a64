import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../on-server.js';
import { MigrateController } from './migrate.controller.js';
import { migrate } from './migrate.schema.js';

export const migrateRoutes: readonly Route[] = aboutThings([
  route(
    { ...onServer('migrate'), policy: 'os_compute_api:os-migrate-server:migrate', body: migrate },
    MigrateController,
    'migrate',
  ),
]);
