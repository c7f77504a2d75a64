import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../on-server.js';
import { PowerController } from './power.controller.js';
import * as schemas from './power.schema.js';

const rule = (name: string): string => `os_compute_api:${name}`;

export const powerRoutes: readonly Route[] = aboutThings([
  route({ ...onServer('os-start'), policy: rule('servers:start'), body: schemas.start }, PowerController, 'start'),
  route({ ...onServer('os-stop'), policy: rule('servers:stop'), body: schemas.stop }, PowerController, 'stop'),
  route({ ...onServer('pause'), policy: rule('os-pause-server:pause'), body: schemas.pause }, PowerController, 'pause'),
  route({ ...onServer('unpause'), policy: rule('os-pause-server:unpause'), body: schemas.unpause }, PowerController, 'unpause'),
  route({ ...onServer('suspend'), policy: rule('os-suspend-server:suspend'), body: schemas.suspend }, PowerController, 'suspend'),
  route({ ...onServer('resume'), policy: rule('os-suspend-server:resume'), body: schemas.resume }, PowerController, 'resume'),
  route({ ...onServer('reboot'), policy: rule('servers:reboot'), body: schemas.reboot }, PowerController, 'reboot'),
  route(
    {
      ...onServer('trigger_crash_dump'),
      min: '2.17',
      policy: rule('servers:trigger_crash_dump'),
      body: schemas.triggerCrashDump,
    },
    PowerController,
    'triggerCrashDump',
  ),
]);
