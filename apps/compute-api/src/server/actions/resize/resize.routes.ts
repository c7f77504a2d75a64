import { aboutThings, type Route, route } from '@kilonova/http';
import { dryRunQuery } from '../../trial/dry-run.js';
import { onServer } from '../on-server.js';
import { ResizeController } from './resize.controller.js';
import * as schemas from './resize.schema.js';

const rule = (name: string): string => `os_compute_api:servers:${name}`;

export const resizeRoutes: readonly Route[] = aboutThings([
  route({ ...onServer('resize'), policy: rule('resize'), query: dryRunQuery, body: schemas.resize }, ResizeController, 'resize'),
  route(
    { ...onServer('confirmResize'), policy: rule('confirm_resize'), body: schemas.confirmResize },
    ResizeController,
    'confirmResize',
  ),
  route(
    { ...onServer('revertResize'), policy: rule('revert_resize'), body: schemas.revertResize },
    ResizeController,
    'revertResize',
  ),
]);
