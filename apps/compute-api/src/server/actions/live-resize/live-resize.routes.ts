import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../on-server.js';
import { LiveResizeController } from './live-resize.controller.js';
import { liveResize } from './live-resize.schema.js';

export const liveResizeRoutes: readonly Route[] = aboutThings([
  route(
    { ...onServer('liveResize'), extension: '1.0', policy: 'kilonova:servers:live_resize', body: liveResize },
    LiveResizeController,
    'liveResize',
  ),
]);
