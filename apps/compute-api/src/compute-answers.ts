// How each operation succeeds: statuses, headers and bodies by microversion. Nothing is sent through these schemas; they
// describe the API, and tests hold every response they see against them.
import type { Answers } from '@kilonova/http';
import { aggregateAnswers } from './aggregate/aggregate.responses.js';
import { assistedSnapshotAnswers } from './assisted-snapshot/assisted-snapshot.responses.js';
import { availabilityZoneAnswers } from './availability-zone/availability-zone.responses.js';
import { bareMetalAnswers } from './bare-metal/bare-metal.responses.js';
import { capacityAnswers } from './capacity/capacity.responses.js';
import { consoleAuthTokenAnswers } from './console-auth-token/console-auth-token.responses.js';
import { extensionAnswers } from './extension/extension.responses.js';
import { externalEventAnswers } from './external-event/external-event.responses.js';
import { flavorAnswers } from './flavor/flavor.responses.js';
import { floatingIpAnswers } from './floating-ip/floating-ip.responses.js';
import { hostAnswers } from './host/host.responses.js';
import { hypervisorAnswers } from './hypervisor/hypervisor.responses.js';
import { imageAnswers } from './image/image.responses.js';
import { keyPairAnswers } from './key-pair/key-pair.responses.js';
import { limitsAnswers } from './limits/limits.responses.js';
import { migrationAnswers } from './migration/migration.responses.js';
import { networkAnswers } from './network/network.responses.js';
import { quotaAnswers } from './quota/quota.responses.js';
import { securityGroupAnswers } from './security-group/security-group.responses.js';
import { serverAnswers } from './server/server.responses.js';
import { serverPartAnswers, serverPartsOfOld } from './server/server-part.responses.js';
import { serverGroupAnswers } from './server-group/server-group.responses.js';
import { serviceAnswers } from './service/service.responses.js';
import { usageAnswers } from './usage/usage.responses.js';
import { versionItemAnswers } from './version/version.responses.js';
import { volumeAnswers } from './volume/volume.responses.js';

/** `/os-volumes_boot` is an older name of `/servers`, without their parts. */
const ALIASED = /^\w+ \/servers(\/detail|\/:id|\/:id\/action \S+)?$/;
const aliases = Object.entries({ ...serverAnswers, ...serverPartAnswers })
  .filter(([key]) => ALIASED.test(key))
  .map(([key, ways]) => [key.replace('/servers', '/os-volumes_boot'), ways] as const);

/** By `POST /servers/:id/action lock`, paths below the API's root. */
export const computeAnswers: Answers = {
  ...serverAnswers,
  ...serverPartAnswers,
  ...serverPartsOfOld,
  ...aggregateAnswers,
  ...assistedSnapshotAnswers,
  ...availabilityZoneAnswers,
  ...bareMetalAnswers,
  ...versionItemAnswers,
  ...capacityAnswers,
  ...consoleAuthTokenAnswers,
  ...extensionAnswers,
  ...externalEventAnswers,
  ...flavorAnswers,
  ...floatingIpAnswers,
  ...hostAnswers,
  ...hypervisorAnswers,
  ...imageAnswers,
  ...volumeAnswers,
  ...keyPairAnswers,
  ...limitsAnswers,
  ...migrationAnswers,
  ...networkAnswers,
  ...quotaAnswers,
  ...securityGroupAnswers,
  ...serverGroupAnswers,
  ...serviceAnswers,
  ...usageAnswers,
  ...Object.fromEntries(aliases),
};
