import { describe, expect, it, vi } from 'vitest';
import { useNounApi } from '../spec-support/noun-api.js';
import { keyPairRoutes } from './key-pair.routes.js';
import { RsaGenerator } from './rsa-generator.service.js';

const PUBLIC = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICznZRCYkBzq3Z5ghKBC9bBF1v02GtRs5tbQIii+7qSj me';

describe('key pairs', () => {
  const api = useNounApi(keyPairRoutes);
  const create = (keypair: Record<string, unknown>, at = '2.1', as = 'u:p') =>
    api.call('POST', '/os-keypairs', { body: { keypair }, at, as });

  it('are generated, listed, shown and deleted, with statuses of their microversion', async () => {
    const made = await create({ name: 'k1' });
    expect(made.status).toBe(200);
    expect(made.body.keypair.private_key).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
    expect(made.body.keypair).not.toHaveProperty('type');
    const listed = await api.call('GET', '/os-keypairs', { as: 'u:p' });
    const { private_key: _secret, user_id: _user, ...rest } = made.body.keypair;
    expect(listed.body.keypairs).toEqual([{ keypair: rest }]);
    expect((await api.call('GET', '/os-keypairs/k1', { as: 'u:p' })).body.keypair).toMatchObject({
      deleted: false,
      user_id: 'u',
      updated_at: null,
    });
    expect((await api.call('DELETE', '/os-keypairs/k1', { as: 'u:p' })).status).toBe(202);
    expect((await api.call('DELETE', '/os-keypairs/k1', { as: 'u:p', at: '2.2' })).status).toBe(404);
    expect(api.events.filter((event) => event.eventType === 'keypair.create.end')).toHaveLength(2);
  });

  it('are imported when they are keys, and may be certificates', async () => {
    const made = await create({ name: 'mine', public_key: PUBLIC }, '2.2');
    expect(made.status).toBe(201);
    expect(made.body.keypair).toEqual({
      name: 'mine',
      public_key: PUBLIC,
      type: 'ssh',
      user_id: 'u',
      fingerprint: 'c0:a5:7d:fc:5b:83:98:9c:06:33:95:e0:c2:54:df:13',
    });
    const x509 = await create({ name: 'cert', type: 'x509' }, '2.2');
    expect(x509.body.keypair.public_key).toMatch(/^-----BEGIN CERTIFICATE-----/);
    for (const key of ['ssh-rsa JUNK nova@ubuntu', ' ', `ssh-rsa ${'A'.repeat(2048)} x`])
      expect((await create({ name: 'bad', public_key: key })).status).toBe(400);
  });

  it('have good names that nobody has yet', async () => {
    expect((await create({ name: 'twice', public_key: PUBLIC })).status).toBe(200);
    expect((await create({ name: 'twice', public_key: PUBLIC })).status).toBe(409);
    for (const name of ['', 'k'.repeat(256), 'key_/.\\@:', ' k'])
      expect((await create({ name, public_key: PUBLIC })).status, name).toBe(400);
    expect((await create({ name: 'me@home.net', public_key: PUBLIC }, '2.91')).status).toBe(400);
    expect((await create({ name: 'me@home.net', public_key: PUBLIC }, '2.92')).status).toBe(201);
    expect((await create({ name: 'generated' }, '2.92')).status).toBe(400);
  });

  it('belong to a user whom only administrators may name', async () => {
    expect((await create({ name: 'for-u', public_key: PUBLIC, user_id: 'u2' }, '2.10')).status).toBe(403);
    expect((await create({ name: 'for-u', public_key: PUBLIC, user_id: 'u2' }, '2.10', 'admin')).body.keypair.user_id).toBe('u2');
    expect((await api.call('GET', '/os-keypairs/for-u?user_id=u2', { at: '2.10' })).status).toBe(200);
    expect((await api.call('GET', '/os-keypairs/for-u', { at: '2.10' })).status).toBe(404);
    expect((await api.call('DELETE', '/os-keypairs/for-u?user_id=u2', { at: '2.10' })).status).toBe(204);
  });

  it('are paged by name since 2.35', async () => {
    for (const name of ['c', 'a', 'b']) await create({ name, public_key: PUBLIC }, '2.2', 'pager:p');
    const page = await api.call('GET', '/os-keypairs?limit=2', { at: '2.35', as: 'pager:p' });
    expect(page.body.keypairs.map((entry: { keypair: { name: string } }) => entry.keypair.name)).toEqual(['a', 'b']);
    expect(page.body.keypairs_links[0].href).toContain('marker=b');
    expect((await api.call('GET', '/os-keypairs?limit=2', { at: '2.34', as: 'pager:p' })).body.keypairs).toHaveLength(3);
    expect((await api.call('GET', '/os-keypairs?marker=zz', { at: '2.35', as: 'pager:p' })).status).toBe(400);
  });

  it('are limited by the quota of their user', async () => {
    await api.api.query(`INSERT INTO quotas (project_id, resource, hard_limit) VALUES ('tight', 'key_pairs', 1)`);
    expect((await create({ name: 'one', public_key: PUBLIC }, '2.2', 'limited:tight')).status).toBe(201);
    const second = await create({ name: 'two', public_key: PUBLIC }, '2.2', 'limited:tight');
    expect([second.status, second.body.forbidden.message]).toEqual([403, 'Quota exceeded, too many key pairs.']);
  });

  it('M5: no key is made for those who may have no more, and parallel requests stay within the quota', async () => {
    await api.api.query(`INSERT INTO quotas (project_id, resource, hard_limit) VALUES ('few', 'key_pairs', 3)`);
    const imports = Array.from({ length: 12 }, (_, n) => create({ name: `k${n}`, public_key: PUBLIC }, '2.2', 'many:few'));
    const statuses = (await Promise.all(imports)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(3);
    expect(statuses.filter((status) => status === 403)).toHaveLength(9);
    const generate = vi.spyOn(RsaGenerator.prototype, 'generate');
    expect((await create({ name: 'more' }, '2.2', 'many:few')).status).toBe(403);
    expect(generate).not.toHaveBeenCalled();
  });
});
