import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenCodec } from '../service/token-codec.js';
import type { Directory } from './directory.js';
import { resolveToken, type TokenClaims } from './token.js';

const directory: Directory = {
  domains: { d: { id: 'd', name: 'D', description: '', enabled: true } },
  projects: { p: { id: 'p', name: 'P', domain_id: 'd', description: '', enabled: true, tags: [] } },
  users: {
    u: {
      id: 'u',
      name: 'U',
      domain_id: 'd',
      enabled: true,
      password_hash: null,
      default_project_id: null,
      tokens_valid_after: 100,
      extra: {},
    },
  },
  roles: { r: { id: 'r', name: 'member', description: '' } },
  assignments: [{ user_id: 'u', role_id: 'r', target: { kind: 'project', id: 'p' } }],
  revocations: [{ audit_id: 'gone', expires_at: 1_000_000 }],
};

const scopes = fc.oneof(
  fc.constant({ kind: 'unscoped' as const }),
  fc.constant({ kind: 'system' as const }),
  fc.record({ kind: fc.constantFrom('project' as const, 'domain' as const), id: fc.string({ minLength: 1, maxLength: 40 }) }),
);

const claims: fc.Arbitrary<TokenClaims> = fc.record({
  userId: fc.string({ minLength: 1, maxLength: 40 }),
  methods: fc.array(fc.constantFrom('password', 'token'), { minLength: 1, maxLength: 2 }),
  scope: scopes,
  issuedAt: fc.nat(),
  expiresAt: fc.nat(),
  auditIds: fc.array(fc.string({ minLength: 1, maxLength: 22 }), { minLength: 1, maxLength: 2 }),
});

const codec = new TokenCodec(Buffer.alloc(32, 1));

describe('token texts', () => {
  it('give back what was written, and are safe in a header', () => {
    fc.assert(
      fc.property(claims, (given) => {
        const text = codec.encode(given);
        expect(text).toMatch(/^[A-Za-z0-9_.-]+$/);
        expect(codec.decode(text)).toEqual(given);
      }),
    );
  });

  it('of another key, or of none, are nothing', () => {
    const other = new TokenCodec(Buffer.alloc(32, 2));
    fc.assert(fc.property(claims, (given) => other.decode(codec.encode(given)) === undefined));
    fc.assert(fc.property(fc.string(), (text) => codec.decode(text) === undefined));
  });
});

describe('a token', () => {
  const base: TokenClaims = {
    userId: 'u',
    methods: ['password'],
    scope: { kind: 'project', id: 'p' },
    issuedAt: 100,
    expiresAt: 200,
    auditIds: ['a'],
  };

  it.each<[string, Partial<TokenClaims>, number, boolean]>([
    ['is good from its issue on', {}, 100, true],
    ['is good until just before its end', {}, 199, true],
    ['ends', {}, 200, false],
    ['is void when issued before the password was changed', { issuedAt: 99 }, 150, false],
    ['is void when taken back', { auditIds: ['gone'] }, 150, false],
    ['is void when made from one that was taken back', { auditIds: ['a', 'gone'] }, 150, false],
    ['is void without a user', { userId: 'x' }, 150, false],
    ['is void on a scope that is not there', { scope: { kind: 'project', id: 'x' } }, 150, false],
    ['is void on a scope without a role', { scope: { kind: 'system' } }, 150, false],
    ['needs no role without a scope', { scope: { kind: 'unscoped' } }, 150, true],
  ])('%s', (_what, change, now, good) => {
    expect(resolveToken(directory, { ...base, ...change }, now) !== undefined).toBe(good);
  });

  it('is void as soon as anything it stands on is disabled', () => {
    const disabled = <K extends 'domains' | 'projects' | 'users'>(table: K, id: string): Directory => ({
      ...directory,
      [table]: { ...directory[table], [id]: { ...directory[table][id], enabled: false } },
    });
    for (const changed of [disabled('domains', 'd'), disabled('projects', 'p'), disabled('users', 'u')]) {
      expect(resolveToken(changed, base, 150)).toBeUndefined();
    }
  });
});
