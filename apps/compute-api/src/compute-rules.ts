// Who may do what with the Compute API: the published rules with their defaults, by noun.

import { aggregatesRules } from './aggregate/aggregate.rules.js';
import { availabilityZonesRules } from './availability-zone/availability-zone.rules.js';
import { baseRules } from './common/base.rules.js';
import { extensionsRules } from './extension/extension.rules.js';
import { flavorsRules } from './flavor/flavor.rules.js';
import { hostsRules } from './host/host.rules.js';
import { hypervisorsRules } from './hypervisor/hypervisor.rules.js';
import { keyPairsRules } from './key-pair/key-pair.rules.js';
import { limitsRules } from './limits/limits.rules.js';
import { migrationsRules } from './migration/migration.rules.js';
import { proxiesRules } from './network/network-proxy.rules.js';
import { quotasRules } from './quota/quota.rules.js';
import { serverActionsRules } from './server/actions/server-action.rules.js';
import { instanceActionsRules } from './server/instance-action/instance-action.rules.js';
import { serverMetadataRules } from './server/metadata/server-metadata.rules.js';
import { schedulingRules } from './server/scheduling/scheduling.rules.js';
import { serversRules } from './server/server.rules.js';
import { serverTagsRules } from './server/tags/server-tags.rules.js';
import { serverGroupsRules } from './server-group/server-group.rules.js';
import { servicesRules } from './service/service.rules.js';
import { usageRules } from './usage/usage.rules.js';

/** Every rule of the service. */
export const computeRules = [
  ...baseRules,
  ...aggregatesRules,
  ...availabilityZonesRules,
  ...extensionsRules,
  ...flavorsRules,
  ...hostsRules,
  ...hypervisorsRules,
  ...instanceActionsRules,
  ...keyPairsRules,
  ...limitsRules,
  ...migrationsRules,
  ...proxiesRules,
  ...quotasRules,
  ...serverActionsRules,
  ...serverGroupsRules,
  ...serverMetadataRules,
  ...serverTagsRules,
  ...serversRules,
  ...servicesRules,
  ...usageRules,
  ...schedulingRules,
];
