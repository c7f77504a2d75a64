import { type Route, route } from '@kilonova/http';
import { MigrationController } from './migration.controller.js';
import { listMigrations } from './migration.schema.js';

export const migrationRoutes: readonly Route[] = [
  route(
    { method: 'GET', path: '/os-migrations', dear: true, policy: 'os_compute_api:os-migrations:index', query: listMigrations },
    MigrationController,
    'index',
  ),
];
