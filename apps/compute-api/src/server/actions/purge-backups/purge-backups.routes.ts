import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../on-server.js';
import { PurgeBackupsController } from './purge-backups.controller.js';
import { purgeBackups } from './purge-backups.schema.js';

export const purgeBackupsRoutes: readonly Route[] = aboutThings([
  route(
    { ...onServer('purgeBackups'), extension: '1.0', policy: 'kilonova:servers:purge_backups', body: purgeBackups },
    PurgeBackupsController,
    'purge',
  ),
]);
