import type { Principal } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { placementRules } from '../policy/index.js';
import { ProjectScopedPolicy } from './project-scoped.policy.js';

const strict = new ProjectScopedPolicy({ rules: placementRules, enforceNewDefaults: true });
const lenient = new ProjectScopedPolicy({ rules: placementRules, enforceNewDefaults: false });
const who = (roles: string[], more: Partial<Principal> = {}): Principal => ({
  userId: 'u',
  projectId: 'p',
  roles,
  isAdmin: roles.includes('admin'),
  ...more,
});

describe('who may do what', () => {
  it.each([
    ['placement:resource_providers:create', ['admin'], true, true],
    ['placement:resource_providers:create', ['service'], true, true],
    ['placement:resource_providers:list', ['member', 'reader'], false, false],
    ['placement:reshaper:reshape', ['service'], true, true],
    ['placement:reshaper:reshape', ['admin'], false, true],
    ['placement:no_such_rule', ['admin'], false, false],
  ])('%s by %s: %s; with the defaults of earlier releases: %s', (rule, roles, now, before) => {
    expect([strict.allows(rule, who(roles)), lenient.allows(rule, who(roles))]).toEqual([now, before]);
  });

  it('a reader sees what the own project uses, not what another does', () => {
    const reader = who(['reader']);
    expect(strict.allows('placement:usages', reader, { project_id: 'p' })).toBe(true);
    expect(strict.allows('placement:usages', reader, { project_id: 'q' })).toBe(false);
  });

  it('H3: a token for a domain opens nothing', () => {
    const domain = who(['admin', 'service'], { projectId: undefined, domainId: 'd' });
    expect([strict, lenient].map((policy) => policy.allows('placement:resource_providers:list', domain))).toEqual([false, false]);
  });

  it('a token for the system as a whole opens nothing', () => {
    const system = who(['admin', 'service'], { projectId: undefined, systemScope: 'all' });
    expect([strict, lenient].map((policy) => policy.allows('placement:resource_providers:list', system))).toEqual([false, false]);
  });
});
