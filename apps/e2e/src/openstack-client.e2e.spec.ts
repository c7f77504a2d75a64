import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCloud } from './support/cloud.js';

const installed = existsSync('/usr/bin/openstack');
if (!installed)
  console.warn('skipped: the openstack client is not installed (apt-get install python3-openstackclient python3-osc-placement)');

describe.skipIf(!installed)('the stock openstack client', () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await TestCloud.start(['--cells', '2', '--hosts', '2']);
  }, 240_000);
  afterAll(() => cloud.stop(), 120_000);

  const titles = async (...words: string[]): Promise<string[]> => {
    const rows = await cloud.openstackJson<Array<Record<string, unknown>>>(...words);
    return Object.keys(rows[0] ?? {});
  };

  it.each([
    [
      ['catalog', 'list'],
      ['Name', 'Type', 'Endpoints'],
    ],
    [
      ['flavor', 'list'],
      ['ID', 'Name', 'RAM', 'Disk', 'Ephemeral', 'VCPUs', 'Is Public'],
    ],
    [
      ['image', 'list'],
      ['ID', 'Name', 'Status'],
    ],
    [
      ['server', 'list', '--long'],
      [
        'ID',
        'Name',
        'Status',
        'Task State',
        'Power State',
        'Networks',
        'Image Name',
        'Image ID',
        'Flavor Name',
        'Flavor ID',
        'Availability Zone',
        'Host',
        'Properties',
      ],
    ],
    [
      ['hypervisor', 'list'],
      ['ID', 'Hypervisor Hostname', 'Hypervisor Type', 'Host IP', 'State'],
    ],
    [
      ['compute', 'service', 'list'],
      ['ID', 'Binary', 'Host', 'Zone', 'Status', 'State', 'Updated At'],
    ],
    [
      ['resource', 'provider', 'list'],
      ['uuid', 'name', 'generation', 'root_provider_uuid', 'parent_provider_uuid'],
    ],
  ])(
    '%j has the known columns',
    async (words, columns) => {
      expect(await titles(...words)).toEqual(
        expect.arrayContaining(columns.filter((column) => !['root_provider_uuid', 'parent_provider_uuid'].includes(column))),
      );
    },
    60_000,
  );

  it('shows a server in each cell', async () => {
    const servers = await cloud.openstackJson<Array<{ Name: string; Status: string }>>('server', 'list');
    expect(servers.map((server) => [server.Name, server.Status]).sort()).toEqual([
      ['proof-cell1', 'ACTIVE'],
      ['proof-cell2', 'ACTIVE'],
    ]);
  }, 60_000);

  it('creates, shows and deletes a server', async () => {
    const made = await cloud.openstackJson<{ id: string; status: string }>(
      '--os-compute-api-version',
      '2.90',
      'server',
      'create',
      '--flavor',
      'm1.tiny',
      '--image',
      'cirros',
      '--nic',
      'none',
      '--wait',
      'mine',
    );
    expect(made.status).toBe('ACTIVE');
    const shown = await cloud.openstackJson<Record<string, unknown>>('server', 'show', 'mine');
    expect(shown).toMatchObject({ id: made.id, name: 'mine', 'OS-EXT-STS:vm_state': 'active' });
    const events = await cloud.openstackJson<Array<{ Action: string }>>('server', 'event', 'list', 'mine');
    expect(events.map((event) => event.Action)).toEqual(['create']);
    const held = await cloud.openstackJson<Array<{ resources: unknown }>>('resource', 'provider', 'allocation', 'show', made.id);
    expect(held).toHaveLength(1);
    await cloud.openstack('server', 'delete', '--wait', 'mine');
    expect(await cloud.openstackJson<unknown[]>('server', 'list', '--name', '^mine$')).toEqual([]);
  }, 120_000);

  it('finds candidates, makes server groups and aggregates', async () => {
    expect(
      (
        await cloud.openstackJson<unknown[]>(
          '--os-placement-api-version',
          '1.29',
          'allocation',
          'candidate',
          'list',
          '--resource',
          'VCPU=1',
        )
      ).length,
    ).toBeGreaterThan(0);
    const group = await cloud.openstackJson<{ name: string }>('server', 'group', 'create', '--policy', 'anti-affinity', 'apart');
    expect(group.name).toBe('apart');
    const aggregate = await cloud.openstackJson<{ name: string }>('aggregate', 'create', 'rack1');
    expect(aggregate.name).toBe('rack1');
  }, 120_000);
});
