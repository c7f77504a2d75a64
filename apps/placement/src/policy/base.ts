import type { PolicyRule } from '@kilonova/policy';

/** What every rule let pass in earlier releases; holds too while new defaults are not enforced. */
export const LEGACY_ADMIN = 'role:admin';

/** Rules that the others refer to. */
export const baseRules: readonly PolicyRule[] = [
  { name: 'admin_api', check: 'role:admin', description: 'An administrator.' },
  { name: 'service_api', check: 'role:service', description: 'Another service, such as compute.' },
  {
    name: 'admin_or_service_api',
    check: 'rule:admin_api or rule:service_api',
    description: 'An administrator or another service.',
  },
  {
    name: 'project_reader_api',
    check: 'role:reader and project_id:%(project_id)s',
    description: 'Someone who may read in the project that is asked about.',
  },
  {
    name: 'admin_or_project_reader_or_service_api',
    check: 'rule:admin_api or rule:project_reader_api or rule:service_api',
    description: 'An administrator, a reader of the project, or another service.',
  },
];

/** A rule whose default is the one that nearly all have. */
export const serviceRule = (name: string, description: string, ...operations: string[]): PolicyRule => ({
  name: `placement:${name}`,
  check: 'rule:admin_or_service_api',
  deprecatedCheck: LEGACY_ADMIN,
  description,
  operations,
});
