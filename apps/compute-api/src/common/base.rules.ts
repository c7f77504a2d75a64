import type { PolicyRule } from '@kilonova/policy';

/** Rules that the others refer to. Names and defaults are the published ones, so that operators' policy files fit. */
export const baseRules: readonly PolicyRule[] = [
  { name: 'context_is_admin', check: 'role:admin', description: 'An administrator.' },
  {
    name: 'admin_or_owner',
    check: 'is_admin:True or project_id:%(project_id)s',
    description: 'An administrator, or anyone of the project (earlier releases).',
  },
  { name: 'admin_api', check: 'is_admin:True', description: 'An administrator (earlier releases).' },
  { name: 'service_api', check: 'role:service', description: 'Another service.' },
  {
    name: 'project_reader_api',
    check: 'role:reader and project_id:%(project_id)s',
    description: 'Someone who may read in the project.',
  },
  {
    name: 'project_member_api',
    check: 'role:member and project_id:%(project_id)s',
    description: 'Someone who may change things in the project.',
  },
  {
    name: 'project_manager_api',
    check: 'role:manager and project_id:%(project_id)s',
    description: 'Someone who may manage the project.',
  },
  {
    name: 'project_reader_or_admin',
    check: 'rule:project_reader_api or rule:context_is_admin',
    description: 'A reader of the project, or an administrator.',
  },
  {
    name: 'project_member_or_admin',
    check: 'rule:project_member_api or rule:context_is_admin',
    description: 'A member of the project, or an administrator.',
  },
  {
    name: 'project_manager_or_admin',
    check: 'rule:project_manager_api or rule:context_is_admin',
    description: 'A manager of the project, or an administrator.',
  },
  {
    name: 'service_or_admin',
    check: 'rule:service_api or rule:context_is_admin',
    description: 'Another service, or an administrator.',
  },
];

/** A check string with the one that earlier releases had. */
interface Default {
  readonly check: string;
  readonly earlier?: string;
}

export const ADMIN: Default = { check: 'rule:context_is_admin' };
export const READER: Default = { check: 'rule:project_reader_or_admin', earlier: 'rule:admin_or_owner' };
export const MEMBER: Default = { check: 'rule:project_member_or_admin', earlier: 'rule:admin_or_owner' };
export const MANAGER: Default = { check: 'rule:project_manager_or_admin', earlier: 'rule:context_is_admin' };
export const SERVICE: Default = { check: 'rule:service_or_admin', earlier: 'rule:context_is_admin' };
export const OWNER: Default = { check: 'rule:context_is_admin or user_id:%(user_id)s' };
export const ANYONE: Default = { check: '@' };
export const NOBODY: Default = { check: '!' };

/** A rule with the operations it guards, `METHOD /path (action)`. */
export const rule = (name: string, by: Default, description: string, ...operations: readonly string[]): PolicyRule => ({
  name,
  check: by.check,
  description,
  operations,
  ...(by.earlier === undefined ? {} : { deprecatedCheck: by.earlier }),
});
