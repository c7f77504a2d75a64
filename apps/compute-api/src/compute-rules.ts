// Who may do what with the Compute API: the published rules with their defaults, by noun.

import { aggregatesRules } from './aggregate/aggregate.rules.js';
import { availabilityZonesRules } from './availability-zone/availability-zone.rules.js';
import { bareMetalRules } from './bare-metal/bare-metal.rules.js';
import { capacityRules } from './capacity/capacity.rules.js';
import { baseRules } from './common/base.rules.js';
import { extensionsRules } from './extension/extension.rules.js';
import { externalEventRules } from './external-event/external-event.rules.js';
import { flavorsRules } from './flavor/flavor.rules.js';
import { floatingIpRules } from './floating-ip/floating-ip.rules.js';
import { hostsRules } from './host/host.rules.js';
import { hypervisorsRules } from './hypervisor/hypervisor.rules.js';
import { keyPairsRules } from './key-pair/key-pair.rules.js';
import { limitsRules } from './limits/limits.rules.js';
import { migrationsRules } from './migration/migration.rules.js';
import { networkRules } from './network/network.rules.js';
import { quotasRules } from './quota/quota.rules.js';
import { securityGroupRules } from './security-group/security-group.rules.js';
import { deleteRules } from './server/actions/delete/delete.rules.js';
import { lockRules } from './server/actions/lock/lock.rules.js';
import { purgeBackupsRules } from './server/actions/purge-backups/purge-backups.rules.js';
import { serverActionRules } from './server/actions/server-action.rules.js';
import { fixedIpRules } from './server/fixed-ip/fixed-ip.rules.js';
import { serverFloatingIpRules } from './server/floating-ip/server-floating-ip.rules.js';
import { instanceActionsRules } from './server/instance-action/instance-action.rules.js';
import { serverInterfaceRules } from './server/interface/server-interface.rules.js';
import { serverMetadataRules } from './server/metadata/server-metadata.rules.js';
import { serverPasswordRules } from './server/password/server-password.rules.js';
import { remoteConsoleRules } from './server/remote-console/remote-console.rules.js';
import { schedulingRules } from './server/scheduling/scheduling.rules.js';
import { serverSecurityGroupRules } from './server/security-group/server-security-group.rules.js';
import { serversRules } from './server/server.rules.js';
import { serverShareRules } from './server/share/server-share.rules.js';
import { serverTagsRules } from './server/tags/server-tags.rules.js';
import { trialRules } from './server/trial/trial.rules.js';
import { volumeAttachmentRules } from './server/volume-attachment/volume-attachment.rules.js';
import { serverGroupsRules } from './server-group/server-group.rules.js';
import { servicesRules } from './service/service.rules.js';
import { usageRules } from './usage/usage.rules.js';
import { volumeRules } from './volume/volume.rules.js';

/** Every rule of the service. */
export const computeRules = [
  ...baseRules,
  ...aggregatesRules,
  ...availabilityZonesRules,
  ...capacityRules,
  ...extensionsRules,
  ...purgeBackupsRules,
  ...flavorsRules,
  ...hostsRules,
  ...hypervisorsRules,
  ...instanceActionsRules,
  ...keyPairsRules,
  ...limitsRules,
  ...migrationsRules,
  ...serverInterfaceRules,
  ...volumeRules,
  ...bareMetalRules,
  ...floatingIpRules,
  ...serverFloatingIpRules,
  ...fixedIpRules,
  ...networkRules,
  ...serverSecurityGroupRules,
  ...securityGroupRules,
  ...serverShareRules,
  ...volumeAttachmentRules,
  ...remoteConsoleRules,
  ...deleteRules,
  ...lockRules,
  ...externalEventRules,
  ...serverPasswordRules,
  ...quotasRules,
  ...serverActionRules,
  ...serverGroupsRules,
  ...serverMetadataRules,
  ...serverTagsRules,
  ...serversRules,
  ...servicesRules,
  ...usageRules,
  ...schedulingRules,
  ...trialRules,
];
