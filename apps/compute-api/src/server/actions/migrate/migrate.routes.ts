import { aboutThings, type Route, route } from '@kilonova/http';
import { dryRunQuery } from '../../trial/dry-run.js';
import { onServer } from '../on-server.js';
import { MigrateController } from './migrate.controller.js';
import { migrate } from './migrate.schema.js';

export const migrateRoutes: readonly Route[] = aboutThings([
  route(
    { ...onServer('migrate'), policy: 'os_compute_api:os-migrate-server:migrate', query: dryRunQuery, body: migrate },
    MigrateController,
    'migrate',
  ),
]);
