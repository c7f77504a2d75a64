import type { Instance } from '@kilonova/compute-objects';
import { describe, expect, it } from 'vitest';
import { changedServerView, hostId, instanceName, type ServerFacts, type ServerViewContext, serverView } from './server.view.js';

const flavor = {
  id: 1,
  flavorid: 'f1',
  name: 'tiny',
  vcpus: 1,
  memory_mb: 512,
  root_gb: 1,
  ephemeral_gb: 0,
  swap: 0,
  rxtx_factor: 1,
  is_public: true,
  disabled: false,
  description: null,
  extra_specs: { a: 'b' },
};
const instance = {
  uuid: 'u',
  id: 42,
  display_name: 'n',
  display_description: null,
  hostname: 'n',
  project_id: 'p',
  user_id: 'user',
  reservation_id: 'r-1',
  launch_index: 0,
  vm_state: 'active',
  task_state: null,
  power_state: 1,
  progress: 0,
  host: 'h',
  node: 'h',
  launched_on: 'h',
  compute_node_uuid: null,
  availability_zone: 'nova',
  image_ref: 'i',
  kernel_id: null,
  ramdisk_id: null,
  flavor,
  key_name: null,
  key_data: null,
  keypairs: [],
  user_data: null,
  config_drive: '',
  access_ip_v4: null,
  access_ip_v6: null,
  auto_disk_config: false,
  root_device_name: '/dev/vda',
  os_type: null,
  architecture: null,
  locked: false,
  locked_by: null,
  locked_reason: null,
  metadata: {},
  system_metadata: {},
  tags: ['t'],
  trusted_certs: null,
  network_info: [
    {
      port_id: 'port',
      network_id: 'net',
      label: 'blue',
      mac_address: 'fa:16:3e:00:00:01',
      fixed_ips: [{ address: '10.0.0.10', version: 4, subnet_id: 'subnet' }],
      port_state: 'ACTIVE',
      preserve: false,
      tag: null,
    },
  ],
  created_at: '2026-01-01T00:00:00.123Z',
  updated_at: null,
  launched_at: '2026-01-01T00:00:01.000Z',
  terminated_at: null,
  deleted_at: null,
  fault: null,
} satisfies Instance;
const facts = (more: Partial<Instance> = {}): ServerFacts => ({
  instance: { ...instance, ...more },
  hostStatus: 'UP',
  pinnedZone: 'az',
  groups: ['g'],
});
const context = (version: number, more: Partial<ServerViewContext> = {}): ServerViewContext => ({
  withExtensions: false,
  version,
  base: { versioned: 'http://c/v2.1', bare: 'http://c' },
  extended: false,
  extraSpecs: true,
  hostStatus: () => undefined,
  faultDetails: false,
  ...more,
});
const keysAt = (version: number, more: Partial<ServerViewContext> = {}): Set<string> =>
  new Set(Object.keys(serverView(facts(), context(version, more))));

/** Keys that come with a version. Source: the published microversion list. */
const COMES_WITH: ReadonlyArray<readonly [number, string]> = [
  [2009, 'locked'],
  [2019, 'description'],
  [2026, 'tags'],
  [2063, 'trusted_image_certificates'],
  [2071, 'server_groups'],
  [2073, 'locked_reason'],
  [2090, 'OS-EXT-SRV-ATTR:hostname'],
  [2096, 'pinned_availability_zone'],
];

describe('the document of a server', () => {
  it.each(COMES_WITH)('has from %i on %s', (version, key) => {
    expect(keysAt(version - 1).has(key)).toBe(false);
    expect(keysAt(version).has(key)).toBe(true);
  });

  it('tells administrators where it runs, more from 2.3 on, and the host state from 2.16 on', () => {
    const admin = { extended: true, hostStatus: (status: 'UP') => status } as unknown as Partial<ServerViewContext>;
    expect(serverView(facts(), context(2002, admin))).toMatchObject({
      'OS-EXT-SRV-ATTR:host': 'h',
      'OS-EXT-SRV-ATTR:instance_name': 'instance-0000002a',
    });
    expect(keysAt(2002, admin).has('OS-EXT-SRV-ATTR:reservation_id')).toBe(false);
    expect(keysAt(2003, admin).has('OS-EXT-SRV-ATTR:reservation_id')).toBe(true);
    expect(keysAt(2015, admin).has('host_status')).toBe(false);
    expect(serverView(facts(), context(2016, admin))).toMatchObject({ host_status: 'UP' });
  });

  it('of a deleted server has no metadata, tags, fault or host state', () => {
    const fault = { code: 500, message: 'm', details: 'd', host: 'h', created_at: '2026-01-01T00:00:00.000Z' };
    const deleted = facts({ vm_state: 'deleted', metadata: { a: 'b' }, tags: ['t'], fault });
    const shown = serverView(deleted, context(2096, { hostStatus: (status) => status }));
    expect(shown).toMatchObject({ status: 'DELETED', metadata: {}, tags: [], host_status: '' });
    expect(shown).not.toHaveProperty('fault');
  });

  it('embeds the flavor from 2.47 on', () => {
    expect(serverView(facts(), context(2046))['flavor']).toEqual({
      id: 'f1',
      links: [{ rel: 'bookmark', href: 'http://c/flavors/f1' }],
    });
    const embedded = { vcpus: 1, ram: 512, disk: 1, ephemeral: 0, swap: 0, original_name: 'tiny', extra_specs: { a: 'b' } };
    expect(serverView(facts(), context(2047))['flavor']).toEqual(embedded);
    expect(serverView(facts(), context(2047, { extraSpecs: false }))['flavor']).not.toHaveProperty('extra_specs');
  });

  it('shows a fault where there is one, its details to those who may read them', () => {
    const fault = {
      code: 500,
      message: 'No valid host was found.',
      details: 'why',
      host: null,
      created_at: '2026-01-01T00:00:02Z',
    };
    const shown = (more: Partial<Instance>, faultDetails: boolean) =>
      serverView(facts(more), context(2096, { faultDetails }))['fault'];
    expect(shown({ vm_state: 'error', fault }, true)).toEqual({
      code: 500,
      created: '2026-01-01T00:00:02Z',
      message: fault.message,
      details: 'why',
    });
    expect(shown({ vm_state: 'error', fault }, false)).toEqual({
      code: 500,
      created: '2026-01-01T00:00:02Z',
      message: fault.message,
    });
    const named = { ...fault, message: 'no disk on h1 (node1)', host: 'h1' };
    expect(shown({ vm_state: 'error', fault: named, node: 'node1' }, false)).toMatchObject({
      message: 'no disk on the host (the host)',
    });
    expect(shown({ vm_state: 'error', fault: named }, true)).toMatchObject({ message: 'no disk on h1 (node1)' });
    expect(shown({ vm_state: 'error', fault: { ...fault, code: 404 } }, false)).toMatchObject({ details: 'why' });
    expect(shown({ vm_state: 'active', fault }, true)).toBeUndefined();
  });

  it('shows addresses by network', () => {
    const shown = { version: 4, addr: '10.0.0.10', 'OS-EXT-IPS:type': 'fixed', 'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:00:00:01' };
    expect(serverView(facts(), context(2096))['addresses']).toEqual({ blue: [shown] });
  });

  it('writes times as clients know them', () => {
    expect(serverView(facts(), context(2096))).toMatchObject({
      created: '2026-01-01T00:00:00Z',
      updated: '2026-01-01T00:00:00Z',
      'OS-SRV-USG:launched_at': '2026-01-01T00:00:01.000000',
      'OS-SRV-USG:terminated_at': null,
    });
  });

  it('is complete in the answer to a change since 2.75 only', () => {
    expect(Object.keys(changedServerView(facts(), context(2074)))).not.toContain('OS-EXT-STS:vm_state');
    expect(changedServerView(facts(), context(2075))).toEqual(serverView(facts(), context(2075)));
  });

  it('hides the host behind a hash that differs by project', () => {
    expect(hostId('p', null)).toBe('');
    expect(hostId('p', 'h')).toMatch(/^[0-9a-f]{56}$/);
    expect(hostId('p', 'h')).not.toBe(hostId('q', 'h'));
    expect(instanceName(255)).toBe('instance-000000ff');
  });
});
