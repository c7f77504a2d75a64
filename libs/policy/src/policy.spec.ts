import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Principal } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { Policy, PolicyFile, parseCheck } from './index.js';

const who = (roles: string[], over: Partial<Principal> = {}): Principal => ({
  userId: 'u1',
  projectId: 'p1',
  roles,
  isAdmin: roles.includes('admin'),
  ...over,
});

const rules = [
  { name: 'admin_api', check: 'role:admin', description: 'administrators' },
  { name: 'owner_reader', check: 'role:reader and project_id:%(project_id)s', description: 'readers of the project' },
  { name: 'show', check: 'rule:admin_api or rule:owner_reader', description: 'show', operations: ['GET /x'] },
  { name: 'old', check: '!', description: 'moved', deprecatedCheck: 'role:member' },
];

describe('the policy language', () => {
  it.each([
    ['@', true],
    ['!', false],
    ['', true],
    ['role:member', true],
    ['role:reader', true],
    ['role:admin', false],
    ['not role:admin', true],
    ['role:admin or (role:member and not user_id:u2)', true],
    ['role:admin and role:member or user_id:u1', true],
    ['project_id:%(project_id)s', true],
    ['project_id:%(other)s', false],
    ['is_admin:True', false],
  ])('%s', (text, expected) => {
    expect(parseCheck(text)(who(['member']), { project_id: 'p1' }, () => () => false)).toBe(expected);
  });

  it.each(['role', 'role:a and', '(role:a', 'role:a )', 'role:a role:b'])('refuses %s', (text) => {
    expect(() => parseCheck(text)).toThrow();
  });
});

describe('a policy', () => {
  const policy = (enforceNewDefaults: boolean) => new Policy({ rules, enforceNewDefaults });

  it('lets readers of the project and administrators pass, nobody else', () => {
    const decide = (roles: string[], project_id: string) => policy(true).allows('show', who(roles), { project_id });
    expect([decide(['reader'], 'p1'), decide(['reader'], 'p2'), decide(['admin'], 'p2'), decide([], 'p1')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('lets deprecated defaults pass until the new ones are enforced', () => {
    expect(policy(false).allows('old', who(['member']))).toBe(true);
    expect(policy(true).allows('old', who(['member']))).toBe(false);
  });

  it('refuses everyone where no rule is defined', () => {
    expect(policy(true).allows('nowhere', who(['admin']))).toBe(false);
  });

  it('names the rule whose text is malformed', () => {
    expect(() => new Policy({ rules, enforceNewDefaults: true, overrides: { show: 'role' } })).toThrow('policy rule show');
  });

  it('takes overrides from a file and tells of unknown names', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'policy-')), 'policy.yaml');
    writeFileSync(path, 'show: "@"\nshwo: "!"\n');
    const told: string[] = [];
    const overridden = policy(true);
    const file = new PolicyFile(path, overridden, (message) => told.push(message));
    file.start();
    file.stop();
    expect(overridden.allows('show', who([]))).toBe(true);
    expect(told).toEqual([`policy file ${path} names unknown rules: shwo`]);
  });
});
