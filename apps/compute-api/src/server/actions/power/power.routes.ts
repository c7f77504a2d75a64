import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../on-server.js';
import { PowerController } from './power.controller.js';
import { start, stop } from './power.schema.js';

const rule = (name: string): string => `os_compute_api:servers:${name}`;

export const powerRoutes: readonly Route[] = aboutThings([
  route({ ...onServer('os-start'), policy: rule('start'), body: start }, PowerController, 'start'),
  route({ ...onServer('os-stop'), policy: rule('stop'), body: stop }, PowerController, 'stop'),
]);
