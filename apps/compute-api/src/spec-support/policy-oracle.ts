import { readFileSync } from 'node:fs';
import { PASSED } from './policy-probe.js';

/** What a decision may depend on: the caller's roles, and how the caller stands to the thing. */
export interface Standing {
  readonly roles: readonly string[];
  readonly isAdmin: boolean;
  readonly sameProject: boolean;
  readonly sameUser: boolean;
}

type Decision = (standing: Standing) => boolean;

/** Roles that bring a role with them. */
const BRINGING: Readonly<Record<string, readonly string[]>> = {
  reader: ['reader', 'member', 'manager', 'admin'],
  member: ['member', 'manager', 'admin'],
  manager: ['manager', 'admin'],
  service: ['service'],
};

const has = ({ roles }: Standing, role: string): boolean => roles.some((own) => BRINGING[role]?.includes(own));
const inProject =
  (role: string): Decision =>
  (standing) =>
    standing.isAdmin || (has(standing, role) && standing.sameProject);

/** The published defaults, each decided without a word of the policy language. */
const DEFAULTS: Readonly<Record<string, Decision>> = {
  admin: ({ isAdmin }) => isAdmin,
  any: () => true,
  nobody: () => false,
  project_reader_or_admin: inProject('reader'),
  project_member_or_admin: inProject('member'),
  project_manager_or_admin: inProject('manager'),
  service_or_admin: (standing) => standing.isAdmin || has(standing, 'service'),
  'context_is_admin or user_id:%(user_id)s': ({ isAdmin, sameUser }) => isAdmin || sameUser,
};

/** Rules by their published default; those of ours alone stand below. */
const published = JSON.parse(readFileSync(new URL('published-policy.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, readonly string[]>
>;
const OWN = {
  admin: [
    'kilonova:capacity:show',
    'kilonova:servers:dry_run:hosts',
    'kilonova:servers:scheduling:verdicts',
    'os_compute_api:os-hypervisors:list-detail',
  ],
  project_reader_or_admin: ['kilonova:servers:scheduling:show'],
  project_member_or_admin: ['kilonova:servers:purge_backups', 'kilonova:servers:live_resize'],
} as const;

const byRule = new Map(
  [...Object.entries(published), ...Object.entries(OWN)].flatMap(([name, rules]) => rules.map((rule) => [rule, name] as const)),
);

/** The default of a rule as it is published. @throws Error for a rule that nobody published: it has to be added above */
export function publishedDefault(rule: string): string {
  const name = byRule.get(rule);
  if (name === undefined) throw new Error(`${rule} is published nowhere`);
  return name;
}

/** How a request must end that is decided by a rule. @param decide the operator's own rule, when there is one */
export const statusOf = (rule: string, standing: Standing, decide?: Decision): number =>
  (decide ?? (DEFAULTS[publishedDefault(rule)] as Decision))(standing) ? PASSED : 403;
