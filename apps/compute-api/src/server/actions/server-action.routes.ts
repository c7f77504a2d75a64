import type { Route } from '@kilonova/http';
import { changePasswordRoutes } from './change-password/change-password.routes.js';
import { consoleOutputRoutes } from './console-output/console-output.routes.js';
import { deleteRoutes } from './delete/delete.routes.js';
import { evacuateRoutes } from './evacuate/evacuate.routes.js';
import { serverImageRoutes } from './image/server-image.routes.js';
import { liveMigrateRoutes } from './live-migrate/live-migrate.routes.js';
import { liveResizeRoutes } from './live-resize/live-resize.routes.js';
import { lockRoutes } from './lock/lock.routes.js';
import { migrateRoutes } from './migrate/migrate.routes.js';
import { networkInfoRoutes } from './network-info/network-info.routes.js';
import { powerRoutes } from './power/power.routes.js';
import { purgeBackupsRoutes } from './purge-backups/purge-backups.routes.js';
import { rebuildRoutes } from './rebuild/rebuild.routes.js';
import { rescueRoutes } from './rescue/rescue.routes.js';
import { resetStateRoutes } from './reset-state/reset-state.routes.js';
import { resizeRoutes } from './resize/resize.routes.js';
import { restoreRoutes } from './restore/restore.routes.js';
import { shelveRoutes } from './shelve/shelve.routes.js';

/** POST /servers/{id}/action: what is done to servers, a folder for each. */
export const serverActionRoutes: readonly Route[] = [
  ...powerRoutes,
  ...evacuateRoutes,
  ...liveMigrateRoutes,
  ...lockRoutes,
  ...resetStateRoutes,
  ...deleteRoutes,
  ...restoreRoutes,
  ...rescueRoutes,
  ...changePasswordRoutes,
  ...consoleOutputRoutes,
  ...networkInfoRoutes,
  ...serverImageRoutes,
  ...purgeBackupsRoutes,
  ...shelveRoutes,
  ...rebuildRoutes,
  ...resizeRoutes,
  ...migrateRoutes,
  ...liveResizeRoutes,
];
