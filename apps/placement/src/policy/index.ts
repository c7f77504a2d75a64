// Who may do what in placement: every route has a rule of its own, named as operators know it, one file a noun.
import type { PolicyRule } from '@kilonova/policy';
import { aggregateRules } from './aggregate.js';
import { allocationRules } from './allocation.js';
import { allocationCandidateRules } from './allocation-candidate.js';
import { baseRules } from './base.js';
import { inventoryRules } from './inventory.js';
import { reshaperRules } from './reshaper.js';
import { resourceClassRules } from './resource-class.js';
import { resourceProviderRules } from './resource-provider.js';
import { traitRules } from './trait.js';
import { usageRules } from './usage.js';

export const placementRules: readonly PolicyRule[] = [
  ...baseRules,
  ...resourceProviderRules,
  ...resourceClassRules,
  ...inventoryRules,
  ...aggregateRules,
  ...usageRules,
  ...traitRules,
  ...allocationRules,
  ...allocationCandidateRules,
  ...reshaperRules,
];
