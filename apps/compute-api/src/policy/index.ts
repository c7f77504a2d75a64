// Who may do what with the Compute API: the published rules with their defaults, by noun.

import { aggregatesRules } from './aggregates.rules.js';
import { availabilityZonesRules } from './availability-zones.rules.js';
import { baseRules } from './base.js';
import { extensionsRules } from './extensions.rules.js';
import { flavorsRules } from './flavors.rules.js';
import { hostsRules } from './hosts.rules.js';
import { hypervisorsRules } from './hypervisors.rules.js';
import { instanceActionsRules } from './instance-actions.rules.js';
import { keyPairsRules } from './key-pairs.rules.js';
import { limitsRules } from './limits.rules.js';
import { migrationsRules } from './migrations.rules.js';
import { proxiesRules } from './proxies.rules.js';
import { quotasRules } from './quotas.rules.js';
import { schedulingRules } from './scheduling.rules.js';
import { serverActionsRules } from './server-actions.rules.js';
import { serverGroupsRules } from './server-groups.rules.js';
import { serverMetadataRules } from './server-metadata.rules.js';
import { serverTagsRules } from './server-tags.rules.js';
import { serversRules } from './servers.rules.js';
import { servicesRules } from './services.rules.js';
import { usageRules } from './usage.rules.js';

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
