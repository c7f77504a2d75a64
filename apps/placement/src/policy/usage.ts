import type { PolicyRule } from '@kilonova/policy';
import { LEGACY_ADMIN, serviceRule } from './base.js';

export const usageRules: readonly PolicyRule[] = [
  serviceRule('resource_providers:usages', 'Show what is used of a provider.', 'GET /resource_providers/{uuid}/usages'),
  {
    name: 'placement:usages',
    check: 'rule:admin_or_project_reader_or_service_api',
    deprecatedCheck: LEGACY_ADMIN,
    description: 'Show what a project or a user of it uses.',
    operations: ['GET /usages'],
  },
];
