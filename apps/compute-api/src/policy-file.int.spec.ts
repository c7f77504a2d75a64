import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { useServerCloud } from './spec-support/server-cloud.js';

const folder = mkdtempSync(join(tmpdir(), 'policy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A policy file with these rules, as a setting of the service. */
function policyOf(name: string, rules: Readonly<Record<string, string>>): Record<string, Record<string, unknown>> {
  const file = join(folder, `${name}.yaml`);
  const lines = Object.entries(rules).map(([rule, check]) => `"${rule}": "${check}"\n`);
  writeFileSync(file, lines.join(''));
  return { policy: { file } };
}

const MATE = { as: 'mate:p', roles: 'member' };
const STRANGER = { as: 'x:other', roles: 'member' };

describe('H2: rules about the owner of a server', () => {
  const owner = 'user_id:%(user_id)s';
  const cloud = useServerCloud(
    policyOf('owner', {
      'os_compute_api:servers:delete': owner,
      'os_compute_api:servers:update': owner,
      'os_compute_api:server-metadata:update_all': owner,
      'os_compute_api:os-lock-server:lock': owner,
      'os_compute_api:os-instance-actions:list': owner,
      'os_compute_api:os-server-groups:delete': owner,
    }),
  );
  beforeEach(() => cloud.clear());

  it('H2: keep what belongs to another user of the project from being changed or deleted', async () => {
    for (const uuid of [await cloud.createdId(), await cloud.active()]) {
      const server = `/servers/${uuid}`;
      const tries = (call: { as: string; roles: string }) => [
        cloud.call('DELETE', server, call),
        cloud.call('PUT', server, { ...call, body: { server: { name: 'n' } } }),
        cloud.call('PUT', `${server}/metadata`, { ...call, body: { metadata: { a: 'b' } } }),
        cloud.call('POST', `${server}/action`, { ...call, body: { lock: null } }),
        cloud.call('GET', `${server}/os-instance-actions`, call),
      ];
      const refused = await Promise.all(tries(MATE));
      expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
      expect(refused[0]?.body.forbidden.message).toBe("Policy doesn't allow os_compute_api:servers:delete to be performed.");
      expect((await cloud.call('GET', server, MATE)).body.server).toMatchObject({ name: 's', metadata: {}, locked: false });
      const hidden = await Promise.all(tries(STRANGER));
      expect(hidden.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
      expect((await cloud.call('PUT', server, { body: { server: { name: 'n' } } })).status).toBe(200);
      expect((await cloud.call('DELETE', server)).status).toBe(204);
    }
  });

  it('H2: hold for a server that was half deleted, and for other things', async () => {
    const uuid = await cloud.active();
    await cloud.cell1.query('DELETE FROM instances WHERE uuid = $1', [uuid]);
    expect((await cloud.call('DELETE', `/servers/${uuid}`, MATE)).status).toBe(403);
    expect(cloud.placement.released).toEqual([]);
    const body = { server_group: { name: 'g', policy: 'affinity' } };
    const { id } = (await cloud.call('POST', '/os-server-groups', { body })).body.server_group;
    expect((await cloud.call('DELETE', `/os-server-groups/${id}`, MATE)).status).toBe(403);
    expect((await cloud.call('DELETE', `/os-server-groups/${id}`)).status).toBe(204);
  });
});

describe('H2: another rule of who is an administrator', () => {
  const cloud = useServerCloud(policyOf('admin', { context_is_admin: 'role:cloud_admin' }));
  beforeEach(() => cloud.clear());
  const OLD = { as: 'a:q', roles: 'admin' };
  const NEW = { as: 'c:q', roles: 'cloud_admin' };

  it('H2: takes the right to other projects from the role admin', async () => {
    const server = `/servers/${await cloud.active()}`;
    const tries = [
      cloud.call('GET', server, OLD),
      cloud.call('DELETE', server, OLD),
      cloud.call('POST', `${server}/action`, { ...OLD, body: { lock: null } }),
      cloud.call('GET', '/servers?all_tenants=1', OLD),
      cloud.call('GET', '/servers?status=DELETED', OLD),
      cloud.call('GET', '/servers?sort_key=host', OLD),
      cloud.call('GET', '/os-hypervisors', OLD),
    ];
    expect((await Promise.all(tries)).map(({ status }) => status)).toEqual([404, 404, 404, 403, 403, 403, 403]);
  });

  it('H2: gives it to the role that it names', async () => {
    const uuid = await cloud.active();
    const server = `/servers/${uuid}`;
    const shown = await cloud.call('GET', server, NEW);
    expect([shown.status, shown.body.server['OS-EXT-SRV-ATTR:host']]).toEqual([200, 'host1']);
    expect((await cloud.call('GET', '/servers?all_tenants=1', NEW)).body.servers).toHaveLength(1);
    expect((await cloud.call('GET', `/servers?all_tenants=1&marker=${uuid}`, NEW)).status).toBe(200);
    expect((await cloud.call('GET', '/servers?status=DELETED', NEW)).status).toBe(200);
    expect((await cloud.call('POST', `${server}/action`, { ...NEW, body: { lock: null } })).status).toBe(202);
    expect((await cloud.call('DELETE', server)).status).toBe(409);
    expect((await cloud.call('DELETE', server, NEW)).status).toBe(204);
  });

  it('H2: shows the details of a fault to it alone', async () => {
    const fault = { code: 500, message: 'm', details: 'secret of host1', host: 'host1', created_at: new Date().toISOString() };
    const uuid = await cloud.createdId();
    await cloud.place(uuid, { vm_state: 'error', task_state: null, host: 'host1', fault });
    const details = async (call: object) => (await cloud.call('GET', `/servers/${uuid}`, call)).body.server.fault.details;
    expect([await details({ as: 'a:p', roles: 'admin' }), await details(NEW)]).toEqual([undefined, 'secret of host1']);
  });
});

describe('H2: all projects for who is no administrator', () => {
  const cloud = useServerCloud(policyOf('auditor', { 'os_compute_api:servers:index:get_all_tenants': 'role:auditor' }));

  it('H2: are listed by the rule, page by page', async () => {
    const uuid = await cloud.active();
    const auditor = { as: 'a:q', roles: 'reader,auditor' };
    expect((await cloud.call('GET', '/servers?all_tenants=1', auditor)).body.servers).toHaveLength(1);
    expect((await cloud.call('GET', `/servers?all_tenants=1&marker=${uuid}`, auditor)).status).toBe(200);
    expect((await cloud.call('GET', `/servers/${uuid}`, auditor)).status).toBe(404);
  });
});
