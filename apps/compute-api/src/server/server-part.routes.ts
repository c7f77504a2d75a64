import type { Route } from '@kilonova/http';
import { serverAddressRoutes } from './address/server-address.routes.js';
import { serverDiagnosticsRoutes } from './diagnostics/server-diagnostics.routes.js';
import { instanceActionRoutes } from './instance-action/instance-action.routes.js';
import { serverInterfaceRoutes } from './interface/server-interface.routes.js';
import { serverMetadataRoutes } from './metadata/server-metadata.routes.js';
import { serverMigrationRoutes } from './migration/server-migration.routes.js';
import { serverPasswordRoutes } from './password/server-password.routes.js';
import { remoteConsoleRoutes } from './remote-console/remote-console.routes.js';
import { schedulingRoutes } from './scheduling/scheduling.routes.js';
import { serverSecurityGroupRoutes } from './security-group/server-security-group.routes.js';
import { serverTagsRoutes } from './tags/server-tags.routes.js';
import { serverTopologyRoutes } from './topology/server-topology.routes.js';
import { volumeAttachmentRoutes } from './volume-attachment/volume-attachment.routes.js';

/** What hangs on a server, a folder for each. */
export const serverPartRoutes: readonly Route[] = [
  ...serverMetadataRoutes,
  ...serverTagsRoutes,
  ...instanceActionRoutes,
  ...schedulingRoutes,
  ...serverAddressRoutes,
  ...serverInterfaceRoutes,
  ...volumeAttachmentRoutes,
  ...serverSecurityGroupRoutes,
  ...serverPasswordRoutes,
  ...serverTopologyRoutes,
  ...serverDiagnosticsRoutes,
  ...serverMigrationRoutes,
  ...remoteConsoleRoutes,
];
