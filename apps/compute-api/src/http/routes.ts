import type { Route } from '@kilonova/http';
import { nounRoutes } from '../nouns.module.js';
import { goneRoutes } from './routes/gone.routes.js';
import { networkProxyRoutes } from './routes/network-proxy.routes.js';
import { serverRoutes } from './routes/server.routes.js';
import { serverActionRoutes } from './routes/server-action.routes.js';
import { serverExtrasRoutes } from './routes/server-extras.routes.js';
import { serverPartRoutes } from './routes/server-part.routes.js';

export { versionRoutes } from './routes/version.routes.js';

/** Every row below `/v2.1` and `/v2`. */
export const computeRoutes: readonly Route[] = [
  ...serverRoutes,
  ...serverActionRoutes,
  ...serverPartRoutes,
  ...serverExtrasRoutes,
  ...nounRoutes,
  ...networkProxyRoutes,
  ...goneRoutes,
];
