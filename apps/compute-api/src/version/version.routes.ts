import { type Route, route } from '@kilonova/http';
import { VersionController } from './version.controller.js';

/** Discovery; no token, no version. */
export const versionRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/', public: true, unversioned: true }, VersionController, 'list'),
  ...['/v2.1', '/v2.1/'].map((path) => route({ method: 'GET', path, public: true }, VersionController, 'v21')),
  ...['/v2', '/v2/'].map((path) => route({ method: 'GET', path, public: true }, VersionController, 'v2')),
];

/** Below the root of a version. */
export const versionItemRoutes: readonly Route[] = [route({ method: 'GET', path: '/versions/:id' }, VersionController, 'show')];
