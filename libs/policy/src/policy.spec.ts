import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Principal } from '@kilonova/util';
import { describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { Policy, PolicyFile, parseCheck, samplePolicyFile } from './index.js';

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
    ['is_admin:False', true],
    ["'p1':%(project_id)s", true],
    ["'p2':%(project_id)s", false],
    ['True:%(target.enabled)s', true],
    ['(role:admin)or(role:reader)', true],
  ])('%s', (text, expected) => {
    expect(parseCheck(text)(who(['member']), { project_id: 'p1', 'target.enabled': 'True' }, () => () => false)).toBe(expected);
  });

  it.each(['role', 'role:a and', '(role:a', 'role:a )', 'role:a role:b'])('refuses %s', (text) => {
    expect(() => parseCheck(text)).toThrow();
  });
});

it('L13: roles and attributes are looked up by their own names only', () => {
  const born = who(['constructor', 'toString']);
  const decide = (text: string) => parseCheck(text)(born, {}, () => () => false);
  expect(['role:constructor', 'role:member', 'constructor:x', 'user_id:%(constructor)s'].map(decide)).toEqual([
    true,
    false,
    false,
    false,
  ]);
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

  it('refuses rules that refer to each other in a circle, and keeps those in force', () => {
    const kept = policy(true);
    expect(() => kept.replaceOverrides({ admin_api: 'role:x or rule:show' })).toThrow('admin_api → show → admin_api');
    expect(kept.allows('admin_api', who(['admin']))).toBe(true);
    expect(() => new Policy({ rules: [{ name: 'a', check: 'rule:b', description: '' }], enforceNewDefaults: true })).toThrow(
      'not defined: b',
    );
  });

  it('tells of references to rules that are not there', () => {
    expect(policy(true).replaceOverrides({ show: 'rule:nobody' })).toEqual(['nobody']);
  });

  it('writes a sample file that overrides nothing until a line is taken in', () => {
    const sample = samplePolicyFile(rules);
    expect(sample).toContain('# show\n# GET /x\n#"show": "rule:admin_api or rule:owner_reader"');
    expect(parse(sample)).toBeNull();
    expect(parse(sample.replace('#"show"', '"show"'))).toEqual({ show: 'rule:admin_api or rule:owner_reader' });
  });

  it('reads the file again when it changes, and stays with what it has when that is broken', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'policy-')), 'policy.yaml');
    writeFileSync(path, 'show: "!"\n');
    const watched = new Policy({ rules, enforceNewDefaults: true, file: path });
    const told: string[] = [];
    vi.useFakeTimers();
    watched.watch((message) => told.push(message));
    const admin = () => watched.allows('show', who(['admin']));
    expect(admin()).toBe(false);
    writeFileSync(path, 'show: "role:admin"\n');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(admin()).toBe(true);
    writeFileSync(path, 'show: "role:"admin\n');
    await vi.advanceTimersByTimeAsync(5_000);
    expect([admin(), told.some((message) => message.includes('is not in force'))]).toEqual([true, true]);
    watched.close();
    vi.useRealTimers();
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

describe('H3: scopes of tokens', () => {
  const policy = new Policy({
    rules: [
      { name: 'anyone', check: '@', description: '' },
      { name: 'admins', check: 'role:admin', description: '', scopeTypes: ['project', 'system'] },
    ],
    enforceNewDefaults: true,
    overrides: { added: '@' },
  });
  const scopes: Array<Partial<Principal>> = [{}, { projectId: undefined }, { domainId: 'd' }, { systemScope: 'all' }];
  const decide = (rule: string) => scopes.map((scope) => policy.allows(rule, who(['admin'], scope)));

  it('H3: are those of a project, unless a rule says otherwise', () => {
    expect(decide('anyone')).toEqual([true, true, false, false]);
    expect(decide('admins')).toEqual([true, true, false, true]);
    expect(decide('added')).toEqual([true, true, false, false]);
  });
});
