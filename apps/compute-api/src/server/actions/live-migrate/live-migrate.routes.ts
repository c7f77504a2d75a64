import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../on-server.js';
import { LiveMigrateController } from './live-migrate.controller.js';
import { liveMigrate } from './live-migrate.schema.js';

const policy = 'os_compute_api:os-migrate-server:migrate_live';

export const liveMigrateRoutes: readonly Route[] = aboutThings([
  route({ ...onServer('os-migrateLive'), policy, body: liveMigrate }, LiveMigrateController, 'liveMigrate'),
]);
