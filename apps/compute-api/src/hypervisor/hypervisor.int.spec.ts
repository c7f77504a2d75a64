import { beforeAll, describe, expect, it } from 'vitest';
import { addHost, addServer } from '../spec-support/host-samples.js';
import { useNounApi } from '../spec-support/noun-api.js';
import { nounRoutes } from '../spec-support/nouns.js';

const NODE = (number: number): string => `aaaaaaaa-0000-4000-8000-00000000000${number}`;
const SERVER = 'bbbbbbbb-0000-4000-8000-000000000001';

describe('hypervisors and hosts', () => {
  const api = useNounApi(nounRoutes, { withDownCell: true });
  const get = (path: string, at = '2.1', as = 'admin') => api.call('GET', path, { at, as });

  beforeAll(async () => {
    await addHost(api, { host: 'h1', uuid: NODE(1), stats: { uptime: ' 10:00 up 3 days' } });
    await addHost(api, { host: 'h2', uuid: NODE(2), disabled: true });
    await addServer(api.cell, { uuid: SERVER, host: 'h1' });
  });

  it('are listed with numbers up to 2.52 and with uuids from then on', async () => {
    const old = (await get('/os-hypervisors')).body.hypervisors;
    expect(
      old.map((hypervisor: { hypervisor_hostname: string; status: string }) => [
        hypervisor.hypervisor_hostname,
        hypervisor.status,
      ]),
    ).toEqual([
      ['h1', 'enabled'],
      ['h2', 'disabled'],
    ]);
    expect((await get(`/os-hypervisors/${old[1].id}`)).body.hypervisor.hypervisor_hostname).toBe('h2');
    expect((await get('/os-hypervisors', '2.53')).body.hypervisors.map((hypervisor: { id: string }) => hypervisor.id)).toEqual([
      NODE(1),
      NODE(2),
    ]);
    expect((await get('/os-hypervisors', '2.1', 'u:p')).status).toBe(403);
    expect((await get('/os-hypervisors/detail', '2.1', 'u:p')).status).toBe(403);
  });

  it('tell usage up to 2.87 and their uptime from then on', async () => {
    const [old] = (await get('/os-hypervisors/detail')).body.hypervisors;
    expect(old).toMatchObject({
      cpu_info: '{"arch":"x86_64"}',
      free_ram_mb: 7168,
      free_disk_gb: 90,
      vcpus_used: 2,
      service: { host: 'h1', disabled_reason: null },
    });
    expect((await get('/os-hypervisors/detail', '2.28')).body.hypervisors[0].cpu_info).toEqual({ arch: 'x86_64' });
    const { hypervisor } = (await get(`/os-hypervisors/${NODE(1)}`, '2.88')).body;
    expect(Object.keys(hypervisor).sort()).toEqual([
      'host_ip',
      'hypervisor_hostname',
      'hypervisor_type',
      'hypervisor_version',
      'id',
      'service',
      'state',
      'status',
      'uptime',
    ]);
    expect(hypervisor.uptime).toBe(' 10:00 up 3 days');
    expect((await get(`/os-hypervisors/${NODE(1)}/uptime`, '2.87')).body.hypervisor.uptime).toBe(' 10:00 up 3 days');
    expect((await get(`/os-hypervisors/${NODE(2)}/uptime`, '2.87')).status).toBe(501);
    expect((await get(`/os-hypervisors/${NODE(1)}/uptime`, '2.88')).status).toBe(404);
    expect((await get('/os-hypervisors/statistics', '2.88')).status).toBe(404);
  });

  it('are summed up without those that are disabled', async () => {
    expect((await get('/os-hypervisors/statistics')).body.hypervisor_statistics).toMatchObject({
      count: 1,
      vcpus: 8,
      memory_mb: 8192,
      free_ram_mb: 7168,
    });
  });

  it('are found by name, by themselves or with their servers', async () => {
    expect((await get('/os-hypervisors/H/search')).body.hypervisors).toHaveLength(2);
    expect((await get('/os-hypervisors/zz/search')).status).toBe(404);
    const [first, second] = (await get('/os-hypervisors/h/servers')).body.hypervisors;
    expect(first.servers).toEqual([{ name: 'instance-00000001', uuid: SERVER }]);
    expect(second).not.toHaveProperty('servers');
    expect((await get('/os-hypervisors/zz/servers')).status).toBe(404);
    expect(
      (await get('/os-hypervisors?hypervisor_hostname_pattern=h1&with_servers=true', '2.53')).body.hypervisors[0].servers,
    ).toHaveLength(1);
    expect((await get(`/os-hypervisors/${NODE(2)}?with_servers=1`, '2.75')).body.hypervisor.servers).toEqual([]);
    expect((await get('/os-hypervisors?hypervisor_hostname_pattern=zz', '2.53')).status).toBe(404);
    expect((await get('/os-hypervisors?hypervisor_hostname_pattern=h&limit=1', '2.53')).status).toBe(400);
  });

  it('are paged since 2.33', async () => {
    const page = await get('/os-hypervisors?limit=1', '2.53');
    expect(page.body.hypervisors).toHaveLength(1);
    expect(page.body.hypervisors_links[0].href).toContain(`marker=${NODE(1)}`);
    expect((await get(`/os-hypervisors?limit=1&marker=${NODE(1)}`, '2.53')).body.hypervisors[0].id).toBe(NODE(2));
    expect((await get('/os-hypervisors?marker=nothing', '2.33')).status).toBe(400);
    expect((await get('/os-hypervisors?limit=1', '2.32')).body.hypervisors).toHaveLength(2);
  });

  it('are not found by wrong ids', async () => {
    expect((await get('/os-hypervisors/h1')).body.itemNotFound.message).toBe("Hypervisor with ID 'h1' could not be found.");
    expect((await get(`/os-hypervisors/${NODE(9)}`, '2.53')).status).toBe(404);
    expect((await get('/os-hypervisors/7', '2.53')).status).toBe(400);
  });

  it('are shown as hosts up to 2.42', async () => {
    expect((await get('/os-hosts')).body.hosts).toContainEqual({ host_name: 'h1', service: 'compute', zone: 'nova' });
    expect((await get('/os-hosts?zone=xxx')).body.hosts).toEqual([]);
    expect((await get('/os-hosts?zone=')).body.hosts).toHaveLength(2);
    const { host } = (await get('/os-hosts/h1')).body;
    expect(host[0].resource).toEqual({ host: 'h1', project: '(total)', cpu: 8, memory_mb: 8192, disk_gb: 100 });
    expect(host.at(-1).resource).toEqual({ host: 'h1', project: 'p', cpu: 2, memory_mb: 512, disk_gb: 15 });
    expect((await get('/os-hosts', '2.43')).status).toBe(404);
    const put = (host: string, body: unknown) => api.call('PUT', `/os-hosts/${host}`, { body });
    expect((await put('h2', { status: 'enable' })).body).toEqual({ host: 'h2', status: 'enabled' });
    expect((await put('h2', { status: 'odd' })).status).toBe(400);
    expect((await put('h2', {})).status).toBe(400);
    expect((await put('zz', { status: 'enable', maintenance_mode: 'enable' })).status).toBe(404);
    expect((await get('/os-hosts/zz/reboot')).status).toBe(404);
    expect((await get('/os-hosts/h1/reboot')).status).toBe(501);
  });
});
