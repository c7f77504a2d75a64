import type { Route } from '@kilonova/http';
import { aggregateRoutes } from './aggregate/aggregate.routes.js';
import { assistedSnapshotRoutes } from './assisted-snapshot/assisted-snapshot.routes.js';
import { availabilityZoneRoutes } from './availability-zone/availability-zone.routes.js';
import { bareMetalRoutes } from './bare-metal/bare-metal.routes.js';
import { capacityRoutes } from './capacity/capacity.routes.js';
import { consoleAuthTokenRoutes } from './console-auth-token/console-auth-token.routes.js';
import { extensionRoutes } from './extension/extension.routes.js';
import { externalEventRoutes } from './external-event/external-event.routes.js';
import { flavorRoutes } from './flavor/flavor.routes.js';
import { floatingIpRoutes } from './floating-ip/floating-ip.routes.js';
import { goneRoutes } from './gone/gone.routes.js';
import { hostRoutes } from './host/host.routes.js';
import { hypervisorRoutes } from './hypervisor/hypervisor.routes.js';
import { imageRoutes } from './image/image.routes.js';
import { keyPairRoutes } from './key-pair/key-pair.routes.js';
import { limitsRoutes } from './limits/limits.routes.js';
import { migrationRoutes } from './migration/migration.routes.js';
import { networkRoutes } from './network/network.routes.js';
import { quotaRoutes } from './quota/quota.routes.js';
import { securityGroupRoutes } from './security-group/security-group.routes.js';
import { serverActionRoutes } from './server/actions/server-action.routes.js';
import { fixedIpRoutes } from './server/fixed-ip/fixed-ip.routes.js';
import { serverFloatingIpRoutes } from './server/floating-ip/server-floating-ip.routes.js';
import { serverRoutes } from './server/server.routes.js';
import { serverPartRoutes } from './server/server-part.routes.js';
import { refusingTrials } from './server/trial/dry-run.js';
import { volumesBootRoutes } from './server/volumes-boot.routes.js';
import { serverGroupRoutes } from './server-group/server-group.routes.js';
import { serviceRoutes } from './service/service.routes.js';
import { usageRoutes } from './usage/usage.routes.js';
import { versionItemRoutes } from './version/version.routes.js';
import { volumeRoutes } from './volume/volume.routes.js';

const serverRows = [...serverRoutes, ...serverActionRoutes, ...serverPartRoutes].map(refusingTrials);

/** Every row below `/v2.1` and `/v2`. The page of the API lists them in this order. */
export const computeRoutes: readonly Route[] = [
  ...serverRows,
  ...aggregateRoutes,
  ...assistedSnapshotRoutes,
  ...availabilityZoneRoutes,
  ...capacityRoutes,
  ...consoleAuthTokenRoutes,
  ...extensionRoutes,
  ...flavorRoutes,
  ...hostRoutes,
  ...hypervisorRoutes,
  ...keyPairRoutes,
  ...migrationRoutes,
  ...limitsRoutes,
  ...quotaRoutes,
  ...serverGroupRoutes,
  ...serviceRoutes,
  ...usageRoutes,
  ...versionItemRoutes,
  ...externalEventRoutes,
  ...imageRoutes,
  ...volumeRoutes,
  ...floatingIpRoutes,
  ...networkRoutes,
  ...bareMetalRoutes,
  ...securityGroupRoutes,
  ...serverFloatingIpRoutes,
  ...fixedIpRoutes,
  ...volumesBootRoutes(serverRows),
  ...goneRoutes,
];
