import type { Route } from '@kilonova/http';
import { nounRoutes } from '../nouns.module.js';
import { externalEventRoutes } from './routes/external-event.routes.js';
import { goneRoutes } from './routes/gone.routes.js';
import { imageRoutes } from './routes/image.routes.js';
import { networkProxyRoutes } from './routes/network-proxy.routes.js';
import { serverRoutes } from './routes/server.routes.js';
import { serverActionRoutes } from './routes/server-action.routes.js';
import { serverExtrasRoutes } from './routes/server-extras.routes.js';
import { serverPartRoutes } from './routes/server-part.routes.js';
import { volumesBootRoutes } from './routes/volumes-boot.routes.js';

export { versionRoutes } from './routes/version.routes.js';

/** Every row below `/v2.1` and `/v2`. */
export const computeRoutes: readonly Route[] = [
  ...serverRoutes,
  ...serverActionRoutes,
  ...serverPartRoutes,
  ...serverExtrasRoutes,
  ...nounRoutes,
  ...externalEventRoutes,
  ...imageRoutes,
  ...networkProxyRoutes,
  ...volumesBootRoutes([...serverRoutes, ...serverActionRoutes]),
  ...goneRoutes,
];
