import { systemCtx } from '@kilonova/util';
import { beforeEach, describe, expect, it } from 'vitest';
import { tokenAuthentication } from './connect-identity.js';
import { KeystoneSession } from './keystone-session.js';
import { KeystoneTokenValidator } from './keystone-token-validator.js';
import { documentOf, FakeKeystone } from './testing/fake-keystone.js';
import { type TokenDocument, validTokenOf } from './token-document.js';

const credentials = {
  username: 'nova',
  password: 'x',
  projectName: 'service',
  userDomainName: 'Default',
  projectDomainName: 'Default',
};

let now: number;
let keystone: FakeKeystone;
let validator: KeystoneTokenValidator;

beforeEach(() => {
  now = 1_000_000;
  keystone = new FakeKeystone(() => now);
  const session = new KeystoneSession(keystone, credentials, { interface: 'internal', region: '' }, () => now);
  validator = new KeystoneTokenValidator(keystone, session, { maxEntries: 2, maxAgeMs: 300_000 }, () => now);
  keystone.tokens.set('good', now + 3_600_000);
});

const validate = (token: string) => validator.validate(token, systemCtx());

describe('a token', () => {
  it('tells who its owner is', async () => {
    expect((await validate('good'))?.principal).toEqual({
      userId: 'u',
      userName: 'user',
      userDomainId: 'default',
      projectId: 'p',
      projectName: 'project',
      projectDomainId: 'default',
      roles: ['member'],
      isAdmin: false,
      systemScope: undefined,
    });
  });

  it('H3: tells what it is scoped to, and leaves it to policies who is an administrator', () => {
    const { project: _none, ...unscoped } = documentOf(now);
    const roles = [{ id: 'r', name: 'admin' }];
    const scopes = [unscoped, { ...unscoped, domain: { id: 'd', name: 'D' } }, { ...unscoped, system: { all: true } }];
    const read = scopes.map((scope) => validTokenOf({ ...scope, roles } as TokenDocument).principal);
    expect(read.map(({ projectId, domainId, systemScope }) => [projectId, domainId, systemScope])).toEqual([
      [undefined, undefined, undefined],
      [undefined, 'd', undefined],
      [undefined, undefined, 'all'],
    ]);
    expect(read.map(({ isAdmin }) => isAdmin)).toEqual([false, false, false]);
  });

  it('ends by the clock of the service that made it, and is kept however far that is from ours', async () => {
    for (const away of [-3_600_000, 3_600_000]) {
      const before = keystone.lookUps;
      keystone.date = new Date(now + away).toUTCString();
      keystone.tokens.set(`t${away}`, now + away + 120_000);
      await validate(`t${away}`);
      now += 60_000;
      await validate(`t${away}`);
      expect(keystone.lookUps - before).toBe(1);
      now += 60_001;
      await validate(`t${away}`);
      expect(keystone.lookUps - before).toBe(2);
    }
  });

  it('is asked about once, however many requests bring it, and again after five minutes', async () => {
    await Promise.all(Array.from({ length: 20 }, () => validate('good')));
    now += 299_999;
    await validate('good');
    expect(keystone.lookUps).toBe(1);
    now += 1;
    await validate('good');
    expect(keystone.lookUps).toBe(2);
  });

  it('is not trusted past its end', async () => {
    keystone.tokens.set('short', now + 1_000);
    await validate('short');
    keystone.tokens.delete('short');
    now += 1_000;
    expect(await validate('short')).toBeUndefined();
  });

  it('that was refused is refused for seconds without asking', async () => {
    expect([await validate('bad'), await validate('bad')]).toEqual([undefined, undefined]);
    expect(keystone.lookUps).toBe(1);
    keystone.tokens.set('bad', now + 3_600_000);
    now += 10_000;
    expect(await validate('bad')).toBeDefined();
  });

  it('that is made up does not push real ones out of memory', async () => {
    await validate('good');
    for (let n = 0; n < 20; n++) await validate(`made-up-${n}`);
    const asked = keystone.lookUps;
    await validate('good');
    expect(keystone.lookUps).toBe(asked);
  });

  it('L5: of more than 4096 characters is refused without asking', async () => {
    const [longest, longer] = ['a'.repeat(4_096), 'a'.repeat(4_097)];
    keystone.tokens.set(longest, now + 1_000).set(longer, now + 1_000);
    expect([await validate(longest), await validate(longer)]).toEqual([expect.anything(), undefined]);
    expect(keystone.lookUps).toBe(1);
  });

  it('that no header could carry is refused without asking', async () => {
    for (const token of ['', 'a b', 'a\nx-auth-token: b', 'ü', 'x'.repeat(20_000)]) expect(await validate(token)).toBeUndefined();
    expect(keystone.lookUps).toBe(0);
  });
});

describe('when the identity service', () => {
  it('is away, nobody can tell: an error that names it, and not a refusal', async () => {
    keystone.isDown = true;
    await expect(validate('good')).rejects.toMatchObject({
      kind: 'dependency',
      code: 'identity.unavailable',
      message: expect.stringContaining('identity service is unreachable'),
    });
    keystone.isDown = false;
    expect(await validate('good')).toBeDefined();
  });

  it('is away, tokens that were checked before still work', async () => {
    await validate('good');
    keystone.isDown = true;
    expect(await validate('good')).toBeDefined();
  });

  it('no longer takes our own token, we log in again', async () => {
    await validate('good');
    keystone.revoked.add('own-1');
    keystone.tokens.set('other', now + 3_600_000);
    expect(await validate('other')).toBeDefined();
    expect(keystone.logins).toBe(2);
  });

  it("refuses our credentials, that is not the caller's fault", async () => {
    keystone.refusesLogin = true;
    await expect(validate('good')).rejects.toMatchObject({
      kind: 'dependency',
      message: expect.stringContaining('own credentials'),
    });
  });
});

describe('the session', () => {
  it('logs in once for all, and again ahead of the end', async () => {
    const session = new KeystoneSession(keystone, credentials, { interface: 'internal', region: '' }, () => now);
    const tokens = await Promise.all(Array.from({ length: 10 }, () => session.token(systemCtx())));
    expect(new Set(tokens)).toEqual(new Set(['own-1']));
    now += 3_600_000 - 120_000;
    expect(await session.token(systemCtx())).toBe('own-2');
  });

  it('finds endpoints in the catalog, and says what it lacks', async () => {
    const ctx = systemCtx();
    const session = new KeystoneSession(keystone, credentials, { interface: 'internal', region: 'RegionOne' }, () => now);
    expect(await session.endpoint(ctx, 'placement')).toBe('http://placement');
    await expect(session.endpoint(ctx, 'image')).rejects.toMatchObject({
      code: 'identity.endpoint_missing',
      message: expect.stringContaining('type image in region RegionOne'),
    });
  });
});

describe('authentication by header', () => {
  it('wants one token in X-Auth-Token', async () => {
    const authenticate = tokenAuthentication(validator);
    expect(await authenticate({}, systemCtx())).toBeUndefined();
    expect(await authenticate({ 'x-auth-token': 'good' }, systemCtx())).toMatchObject({ userId: 'u' });
  });
});
