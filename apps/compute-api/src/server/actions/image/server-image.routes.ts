import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../on-server.js';
import { ServerImageController } from './server-image.controller.js';
import { createBackup, createImage } from './server-image.schema.js';

const rule = (name: string): string => `os_compute_api:${name}`;

export const serverImageRoutes: readonly Route[] = aboutThings([
  route(
    { ...onServer('createImage'), policy: rule('servers:create_image'), body: createImage },
    ServerImageController,
    'createImage',
  ),
  route(
    { ...onServer('createBackup'), policy: rule('os-create-backup'), body: createBackup },
    ServerImageController,
    'createBackup',
  ),
]);
