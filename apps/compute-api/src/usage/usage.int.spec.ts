import { beforeAll, describe, expect, it } from 'vitest';
import { addHost, addServer } from '../spec-support/host-samples.js';
import { useNounApi } from '../spec-support/noun-api.js';
import { nounRoutes } from '../spec-support/nouns.js';

const SERVER = (number: number): string => `bbbbbbbb-0000-4000-8000-00000000000${number}`;
const PERIOD = 'start=2026-01-01T00:00:00&end=2026-02-01T00:00:00.000000';

describe('usage', () => {
  const api = useNounApi(nounRoutes, { withDownCell: true });
  const get = (path: string, at = '2.1', as = 'admin') => api.call('GET', path, { at, as });

  beforeAll(async () => {
    await addHost(api, { host: 'h1', uuid: 'aaaaaaaa-0000-4000-8000-000000000001' });
    await addServer(api.cell, {
      uuid: SERVER(1),
      project: 'p',
      host: 'h1',
      launched: '2026-01-02T00:00:00Z',
      terminated: '2026-01-02T02:00:00Z',
    });
    await addServer(api.cell, { uuid: SERVER(2), project: 'p', launched: '2026-01-31T00:00:00Z' });
    await addServer(api.cell, {
      uuid: SERVER(3),
      project: 'q',
      launched: '2026-01-03T00:00:00Z',
      terminated: '2026-01-03T01:00:00Z',
    });
    await addServer(api.cell, { uuid: SERVER(4), project: 'q' });
    await addServer(api.cell, {
      uuid: SERVER(5),
      project: 'q',
      launched: '2025-01-03T00:00:00Z',
      terminated: '2025-01-03T01:00:00Z',
    });
  });

  it('of all projects is told to administrators', async () => {
    const { tenant_usages: usages } = (await get(`/os-simple-tenant-usage?${PERIOD}&detailed=1`)).body;
    expect(usages.map((usage: { tenant_id: string; total_hours: number }) => [usage.tenant_id, usage.total_hours])).toEqual([
      ['p', 26],
      ['q', 1],
    ]);
    expect(usages[0]).toMatchObject({
      total_vcpus_usage: 52,
      total_memory_mb_usage: 26 * 512,
      total_local_gb_usage: 26 * 15,
      start: '2026-01-01T00:00:00.000000',
    });
    expect(usages[0].server_usages[0]).toMatchObject({
      instance_id: SERVER(1),
      hours: 2,
      state: 'terminated',
      uptime: 7200,
      flavor: 'm1.tiny',
    });
    expect((await get(`/os-simple-tenant-usage?${PERIOD}`)).body.tenant_usages[0]).not.toHaveProperty('server_usages');
    expect((await get('/os-simple-tenant-usage', '2.1', 'u:p')).status).toBe(403);
  });

  it('of one project is told to its readers', async () => {
    const { tenant_usage: usage } = (await get(`/os-simple-tenant-usage/p?${PERIOD}`, '2.1', 'u:p')).body;
    expect(Object.keys(usage)).toHaveLength(8);
    expect((await get(`/os-simple-tenant-usage/q?${PERIOD}`, '2.1', 'u:p')).status).toBe(403);
    expect((await get(`/os-simple-tenant-usage/nobody?${PERIOD}`)).body).toEqual({ tenant_usage: {} });
    expect((await get(`/os-simple-tenant-usage/?${PERIOD}`)).status).toBe(404);
  });

  it('is asked for with proper periods', async () => {
    expect((await get('/os-simple-tenant-usage/p?start=2026-02-01T00:00:00&end=2026-01-01T00:00:00')).status).toBe(400);
    expect((await get('/os-simple-tenant-usage/p?start=odd')).status).toBe(400);
  });

  it('is paged by server since 2.40', async () => {
    const first = (await get(`/os-simple-tenant-usage/p?${PERIOD}&limit=1`, '2.40')).body;
    expect(first.tenant_usage.total_hours).toBe(2);
    expect(first.tenant_usage_links[0].href).toContain(`marker=${SERVER(1)}`);
    expect(
      (await get(`/os-simple-tenant-usage/p?${PERIOD}&limit=1&marker=${SERVER(1)}`, '2.40')).body.tenant_usage.total_hours,
    ).toBe(24);
    expect((await get(`/os-simple-tenant-usage?${PERIOD}&limit=2`, '2.40')).body.tenant_usages_links[0].href).toContain(
      `marker=${SERVER(2)}`,
    );
  });

  it('was audited by no host', async () => {
    const { instance_usage_audit_log: log } = (await get('/os-instance_usage_audit_log/2026-02-10%2000:00:00')).body;
    expect(log).toMatchObject({
      period_beginning: '2026-01-01 00:00:00',
      period_ending: '2026-02-01 00:00:00',
      num_hosts: 1,
      hosts_not_run: ['h1'],
    });
    expect((await get('/os-instance_usage_audit_log')).body.instance_usage_audit_logs.overall_status).toBe(
      '0 of 1 hosts done. 0 errors.',
    );
    expect((await get('/os-instance_usage_audit_log/invalid_time')).status).toBe(400);
    expect((await get('/os-instance_usage_audit_log', '2.1', 'u:p')).status).toBe(403);
  });
});

describe('extensions', () => {
  const api = useNounApi(nounRoutes);

  it('are the ones that clients know', async () => {
    const { extensions } = (await api.call('GET', '/extensions', { as: 'u:p' })).body;
    expect(extensions).toHaveLength(99);
    expect((await api.call('GET', '/extensions/os-keypairs')).body.extension).toMatchObject({ alias: 'os-keypairs', links: [] });
    expect((await api.call('GET', '/extensions/none')).status).toBe(404);
  });
});
