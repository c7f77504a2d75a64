import type { PolicyRule } from '@kilonova/policy';
import { LEGACY_ADMIN } from './base.js';

export const reshaperRules: readonly PolicyRule[] = [
  {
    name: 'placement:reshaper:reshape',
    check: 'rule:service_api',
    deprecatedCheck: LEGACY_ADMIN,
    description: 'Move inventories and what is taken from them in one step.',
    operations: ['POST /reshaper'],
  },
];
