import { aboutThings, type Route, route } from '@kilonova/http';
import { dryRunQuery } from '../../trial/dry-run.js';
import { onServer } from '../on-server.js';
import { LiveMigrateController } from './live-migrate.controller.js';
import { liveMigrate } from './live-migrate.schema.js';

const policy = 'os_compute_api:os-migrate-server:migrate_live';

export const liveMigrateRoutes: readonly Route[] = aboutThings([
  route({ ...onServer('os-migrateLive'), policy, query: dryRunQuery, body: liveMigrate }, LiveMigrateController, 'liveMigrate'),
]);
