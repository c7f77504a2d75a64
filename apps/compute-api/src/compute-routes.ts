import type { Route } from '@kilonova/http';
import { externalEventRoutes } from './external-event/external-event.routes.js';
import { goneRoutes } from './gone/gone.routes.js';
import { imageRoutes } from './image/image.routes.js';
import { networkProxyRoutes } from './network/network-proxy.routes.js';
import { nounRoutes } from './nouns.module.js';
import { serverActionRoutes } from './server/actions/server-action.routes.js';
import { serverRoutes } from './server/server.routes.js';
import { serverExtrasRoutes } from './server/server-extras.routes.js';
import { serverPartRoutes } from './server/server-part.routes.js';
import { volumesBootRoutes } from './server/volumes-boot.routes.js';

export { versionRoutes } from './version/version.routes.js';

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
