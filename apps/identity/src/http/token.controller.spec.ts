import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byName, byToken, IdentityFixture, onProject } from '../testing/identity-fixture.js';

let identity: IdentityFixture;

beforeEach(async () => {
  identity = new IdentityFixture();
  await identity.start();
});

afterEach(() => identity.end());

const logInAnswer = (body: unknown) => identity.ask('POST', '/v3/auth/tokens', { body });
const usable = async (token: string) => (await identity.ask('GET', '/v3/auth/projects', { token })).status === 200;

describe('a login', () => {
  it('gives a token with roles, implied ones too, and the catalog', async () => {
    const { status, headers, body } = await logInAnswer(byName('admin', 'secret', onProject('admin')));
    expect([status, headers.get('vary')]).toEqual([201, 'X-Auth-Token']);
    expect(body.token).toMatchObject({
      methods: ['password'],
      user: { name: 'admin', domain: { id: 'default', name: 'Default' }, password_expires_at: null },
      project: { name: 'admin' },
      is_domain: false,
      issued_at: '2026-11-21T00:00:00.000000Z',
      expires_at: '2026-11-22T00:00:00.000000Z',
    });
    expect(body.token.roles.map((role: { name: string }) => role.name).sort()).toEqual(['admin', 'manager', 'member', 'reader']);
    expect(body.token.catalog[0]).toMatchObject({
      type: 'compute',
      endpoints: [{ interface: 'public', url: `http://nova/v2.1/${body.token.project.id}` }, {}, {}],
    });
  });

  it.each([
    ['a wrong password', byName('admin', 'wrong', onProject('admin'))],
    ['an unknown user', byName('nobody', 'secret', onProject('admin'))],
    [
      'a user id that every object has',
      { auth: { identity: { methods: ['password'], password: { user: { id: 'constructor', password: 'x' } } } } },
    ],
    ['an unknown project', byName('admin', 'secret', onProject('nowhere'))],
    ['a project without a role', byName('demo', 'demo-secret', onProject('admin'))],
    ['a made-up token', byToken('made.up')],
  ])('with %s is refused, always in the same words', async (_why, body) => {
    const answer = await logInAnswer(body);
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({
      error: { code: 401, message: 'The request you have made requires authentication.', title: 'Unauthorized' },
    });
    expect(answer.headers.get('www-authenticate')).toContain('Keystone');
  });

  it('takes the default project, the system, or no scope', async () => {
    expect((await logInAnswer(byName('demo', 'demo-secret'))).body.token.project.name).toBe('demo');
    expect((await logInAnswer(byName('admin', 'secret', { system: { all: true } }))).body.token.system).toEqual({ all: true });
    const unscoped = (await logInAnswer(byName('demo', 'demo-secret', 'unscoped'))).body.token;
    expect(Object.keys(unscoped)).not.toEqual(expect.arrayContaining(['roles']));
    expect(Object.keys(unscoped)).not.toEqual(expect.arrayContaining(['catalog']));
  });

  it('that is malformed is told so', async () => {
    for (const body of [
      {},
      { auth: {} },
      { auth: { identity: { methods: [] } } },
      { auth: { identity: { methods: ['totp'] } } },
    ]) {
      expect([body, (await logInAnswer(body)).status]).toEqual([body, 400]);
    }
  });
});

describe('a token', () => {
  it('made from another ends with it', async () => {
    const first = await identity.logIn('demo', 'demo-secret', 'unscoped');
    identity.clock += 3_600_000;
    const second = (await logInAnswer(byToken(first, onProject('demo')))).body.token;
    expect(second).toMatchObject({ methods: ['token', 'password'], expires_at: '2026-11-22T00:00:00.000000Z' });
    expect(second.audit_ids).toHaveLength(2);
  });

  it('is looked up by its owner and by administrators alone', async () => {
    const [root, demo] = [await identity.admin(), await identity.logIn('demo', 'demo-secret')];
    const lookUp = (question: { token?: string; subject?: string }) => identity.ask('GET', '/v3/auth/tokens', question);
    expect((await lookUp({ token: root, subject: demo })).body.token.user.name).toBe('demo');
    expect((await lookUp({ token: demo, subject: demo })).status).toBe(200);
    expect((await lookUp({ token: demo, subject: root })).status).toBe(403);
    expect((await lookUp({ token: root, subject: 'x.y' })).status).toBe(404);
    expect((await lookUp({ token: root })).status).toBe(400);
    expect((await lookUp({ subject: demo })).status).toBe(401);
    expect((await identity.ask('HEAD', '/v3/auth/tokens', { token: root, subject: demo })).status).toBe(200);
    expect(
      (await identity.ask('GET', '/v3/auth/tokens?nocatalog', { token: root, subject: demo })).body.token.catalog,
    ).toBeUndefined();
  });

  it('with a changed letter is none', async () => {
    const token = await identity.admin();
    const [claims = '', signature = ''] = token.split('.');
    const other = (text: string) => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;
    expect(await usable(`${other(claims)}.${signature}`)).toBe(false);
    expect(await usable(`${claims}.${other(signature)}`)).toBe(false);
    expect(await usable(token)).toBe(true);
  });

  it('survives a restart, until it expires', async () => {
    const token = await identity.logIn('demo', 'demo-secret');
    await identity.restart();
    expect(await usable(token)).toBe(true);
    identity.clock += 86_400_000;
    expect(await usable(token)).toBe(false);
  });

  it('taken back is void for good, and those made from it', async () => {
    const [root, first] = [await identity.admin(), await identity.logIn('demo', 'demo-secret')];
    const second = (await logInAnswer(byToken(first))).headers.get('x-subject-token') as string;
    expect((await identity.ask('DELETE', '/v3/auth/tokens', { token: root, subject: first })).status).toBe(204);
    await identity.restart();
    expect([await usable(first), await usable(second), await usable(root)]).toEqual([false, false, true]);
  });

  it('ends with the password, the role, the project and the user', async () => {
    const root = await identity.admin();
    const user = (await identity.ask('GET', '/v3/users?name=demo', { token: root })).body.users[0].id;
    const project = (await identity.ask('GET', '/v3/projects?name=demo', { token: root })).body.projects[0].id;
    const before = await identity.logIn('demo', 'demo-secret');
    identity.clock += 1;
    const change = { user: { original_password: 'demo-secret', password: 'other' } };
    expect((await identity.ask('POST', `/v3/users/${user}/password`, { body: change })).status).toBe(204);
    expect([await usable(before), (await logInAnswer(byName('demo', 'demo-secret'))).status]).toEqual([false, 401]);
    const after = await identity.logIn('demo', 'other');
    await identity.ask('PATCH', `/v3/projects/${project}`, { token: root, body: { project: { enabled: false } } });
    expect(await usable(after)).toBe(false);
    const unscoped = await identity.logIn('demo', 'other', 'unscoped');
    await identity.ask('DELETE', `/v3/users/${user}`, { token: root });
    expect(await usable(unscoped)).toBe(false);
  });
});

describe('tokens against misuse', () => {
  it('L6: a token has one text', async () => {
    const token = await identity.admin();
    const [claims = '', signature = ''] = token.split('.');
    const others = [`${token}=`, `${claims}.${signature}==`, `${claims}.${signature.slice(0, 9)}.${signature.slice(9)}`];
    const standard = signature.replaceAll('-', '+').replaceAll('_', '/');
    if (standard !== signature) others.push(`${claims}.${standard}`);
    // Of the last letter's six bits only four belong to the 32 bytes; the others decode to the same.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(signature.slice(-1));
    others.push(`${claims}.${signature.slice(0, -1)}${alphabet[last ^ 1]}`);
    for (const text of others) expect([text, await usable(text)]).toEqual([text, false]);
    expect(await usable(token)).toBe(true);
  });

  it('L7: taken back in the middle of a chain voids what was made from it, and nothing before it', async () => {
    const root = await identity.admin();
    const made = async (from: string) => (await logInAnswer(byToken(from))).headers.get('x-subject-token') as string;
    const first = await identity.logIn('demo', 'demo-secret');
    const second = await made(first);
    const chain = [first, second, await made(second), await made(second)];
    chain.push(await made(chain[2] as string));
    const beside = await made(first);
    expect((await identity.ask('DELETE', '/v3/auth/tokens', { token: root, subject: second })).status).toBe(204);
    expect(await Promise.all([...chain, beside].map(usable))).toEqual([true, false, false, false, false, true]);
  });

  it('L7: a chain of tokens ends before its text is too long for a header, and is shown as two ids', async () => {
    let text = await identity.logIn('demo', 'demo-secret');
    const answers = [];
    for (let link = 0; link < 13; link++) {
      const answer = await logInAnswer(byToken(text));
      answers.push(answer);
      text = answer.headers.get('x-subject-token') ?? text;
    }
    expect(answers.map(({ status }) => status)).toEqual([...Array(12).fill(201), 401]);
    expect(text.length).toBeLessThanOrEqual(1024);
    expect(answers[11]?.body.token.audit_ids).toHaveLength(2);
  });

  it('M4, L8: guesses are slowed down with 429, for a disabled user with the right password too', async () => {
    const root = await identity.admin();
    const user = (await identity.ask('GET', '/v3/users?name=demo', { token: root })).body.users[0].id;
    expect((await logInAnswer(byName('demo', 'demo-secret'))).status).toBe(201);
    await identity.ask('PATCH', `/v3/users/${user}`, { token: root, body: { user: { enabled: false } } });
    const statuses = [];
    for (let guess = 0; guess < 7; guess++) statuses.push(await logInAnswer(byName('demo', 'demo-secret')));
    expect(statuses.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401, 429]);
    expect(statuses[6]?.headers.get('retry-after')).toBe('1');
    expect((await logInAnswer(byName('admin', 'secret'))).status).toBe(201);
    identity.clock += 1_000;
    expect((await logInAnswer(byName('demo', 'demo-secret'))).status).toBe(401);
    const change = { user: { original_password: 'guess', password: 'other' } };
    expect((await identity.ask('POST', `/v3/users/${user}/password`, { body: change })).status).toBe(429);
  });
});
