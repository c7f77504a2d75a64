import { execute, rows } from '@kilonova/sql';
import { systemCtx } from '@kilonova/util';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { Since } from '../common/model/microversion.js';
import { computeCheck } from '../spec-support/answer-check.js';
import { imageDocument } from '../spec-support/image-shelf.js';
import { IMAGE, useServerCloud } from '../spec-support/server-cloud.js';
import { MAX_VERSION } from '../version/version-span.js';

const cloud = useServerCloud();
const ADMIN = { as: 'admin:p', roles: 'admin' };
const NODE = 'aaaaaaaa-0000-4000-8000-000000000001';
const PUBLIC = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFx0Pmk1Oow1uFCFM3R0IfvDYmfWV0cH0KTHzHnIYNXr me';
const LATEST = Number(MAX_VERSION.split('.')[1]);

/** Where something changes, and both ends. */
const minors = [...new Set([1, LATEST, ...Object.values(Since).map((version) => version - 2000)])]
  .filter((minor) => minor >= 1 && minor <= LATEST)
  .sort((a, b) => a - b);

/** What stands for the parameters of a URL that are not called `id` alike everywhere. */
let ids: Readonly<Record<string, string>>;

const TOKEN = 'bbbbbbbb-0000-4000-8000-000000000001';
const DIAGNOSTICS = {
  native: { cpu0_time: 1 },
  driver: 'libvirt',
  hypervisor: null,
  hypervisor_os: null,
  uptime: 3,
  config_drive: false,
  num_cpus: 1,
  num_nics: 0,
  num_disks: 0,
  cpu_details: [{ id: 0, time: 1, utilisation: null }],
  nic_details: [],
  disk_details: [],
  memory_details: { maximum: 512, used: null },
};
cloud.onCast = async ({ method }) => (method === 'get_diagnostics' ? { outcome: 'told', diagnostics: DIAGNOSTICS } : undefined);

beforeAll(async () => {
  cloud.images.documents.set(IMAGE, imageDocument({ k: 'v' }));
  const id = await cloud.active({ metadata: { k: 'v' }, tags: ['t'] });
  await execute(
    cloud.cell1,
    `INSERT INTO compute_nodes (uuid, host, hypervisor_hostname, hypervisor_type, hypervisor_version, host_ip, vcpus, memory_mb, local_gb,
                                vcpus_used, memory_mb_used, local_gb_used, cpu_info, stats, mapped)
     VALUES ($1, 'host1', 'host1', 'fake', 1000, '127.0.0.1', 8, 8192, 100, 2, 1024, 10, '{"arch":"x86_64"}', '{"uptime":"1 day"}', true)`,
    [NODE],
  );
  const made = (path: string, body: unknown, at = '2.1') => cloud.call('POST', path, { ...ADMIN, body, at });
  const aggregate = (await made('/os-aggregates', { aggregate: { name: 'a', availability_zone: 'z' } })).body.aggregate.id;
  await made(`/os-aggregates/${aggregate}/action`, { add_host: { host: 'host1' } });
  await made('/os-keypairs', { keypair: { name: 'k', public_key: PUBLIC } });
  await made('/flavors/f1/os-extra_specs', { extra_specs: { a: 'b' } });
  await made('/flavors', {
    flavor: { name: 'private', id: 'fp', ram: 1, vcpus: 1, disk: 1, 'os-flavor-access:is_public': false },
  });
  const group = (await made('/os-server-groups', { server_group: { name: 'g', policies: ['affinity'] } })).body.server_group.id;
  const action = 'req-1';
  await execute(
    cloud.cell1,
    `WITH action AS (INSERT INTO instance_actions (action, instance_uuid, request_id, user_id, project_id, start_time)
       VALUES ('create', $1, $2, 'u', 'p', now()) RETURNING id)
     INSERT INTO instance_action_events (action_id, event, start_time) SELECT id, 'compute__do_build', now() FROM action`,
    [id, action],
  );
  await execute(cloud.cell1, 'UPDATE instances SET network_info = $2::jsonb WHERE uuid = $1', [
    id,
    JSON.stringify([
      {
        port_id: NODE,
        network_id: NODE,
        label: 'network',
        mac_address: 'fa:16:3e:00:00:01',
        fixed_ips: [{ address: '10.0.0.10', version: 4, subnet_id: NODE }],
        port_state: 'ACTIVE',
        preserve: false,
        tag: null,
      },
    ]),
  ]);
  await execute(
    cloud.cell1,
    `INSERT INTO console_tokens (token_hash, instance_uuid, compute_host, console_type, host, port, expires_at)
     VALUES (encode(sha256($1::bytea), 'hex'), $2, 'host1', 'novnc', '127.0.0.1', 5900, now() + interval '1 hour')`,
    [TOKEN, id],
  );
  const { id: volume } = cloud.volumes.add('p');
  await made(`/servers/${id}/os-volume_attachments`, { volumeAttachment: { volumeId: volume } });
  const [migration] = await rows<{ id: number }>(
    cloud.cell1,
    `INSERT INTO migrations (uuid, instance_uuid, project_id, user_id, migration_type, status, source_compute)
     VALUES (gen_random_uuid(), $1, 'p', 'u', 'live-migration', 'running', 'host1') RETURNING id`,
    [id],
  );
  const network = cloud.networks.addNetwork('blue', 'p', '10.0.0').id;
  const security = cloud.networks.securityGroups.default('p').id;
  await cloud.networks.createPort(systemCtx(), { networkId: network, projectId: 'p', serverId: id, host: 'host1' });
  const snapshot = (await made('/os-snapshots', { snapshot: { volume_id: volume, force: true } })).body.snapshot.id;
  ids = {
    id,
    aggregate: String(aggregate),
    group,
    volume,
    snapshot,
    port: NODE,
    migration: String(migration?.id),
    ownNetwork: network,
    security,
  };
});

// Where the whole takes longer than a service may be silent, its hosts are up all the same.
beforeEach(() => execute(cloud.cell1, 'UPDATE services SET last_seen_up = now()'));

/** A path for an operation, with things that are there. */
function pathOf(template: string, minor: number): string {
  const thing = (part: string): string => {
    if (template.includes(`/servers/{${part}}`)) return ids['id'] as string;
    if (template.includes(`/os-hypervisors/{${part}}`)) return hypervisor(template, minor);
    const value = THINGS.find(([url]) => template.includes(url.replace('{}', `{${part}}`)))?.[1] ?? part;
    return ids[value] ?? value;
  };
  return template.replaceAll(/\{(\w+)\}/g, (_all, part: string) => thing(part)).replace('/v2.1', '');
}

const hypervisor = (template: string, minor: number): string =>
  /(search|servers)$/.test(template) ? 'host' : minor >= 53 ? NODE : (ids['wide'] as string);

const THINGS: ReadonlyArray<readonly [url: string, value: string]> = [
  ['/os-extra_specs/{}', 'a'],
  ['/{}/os-flavor-access', 'fp'],
  ['/flavors/{}', 'f1'],
  ['/os-keypairs/{}', 'k'],
  ['/os-quota-sets/{}', 'p'],
  ['/os-quota-class-sets/{}', 'default'],
  ['/os-hosts/{}', 'host1'],
  ['/os-simple-tenant-usage/{}', 'p'],
  ['/os-instance_usage_audit_log/{}', '2026-01-01%2000:00:00'],
  ['/extensions/{}', 'os-keypairs'],
  ['/metadata/{}', 'k'],
  ['/os-aggregates/{}', 'aggregate'],
  ['/os-networks/{}', 'ownNetwork'],
  ['/os-tenant-networks/{}', 'ownNetwork'],
  ['/os-security-groups/{}', 'security'],
  ['/os-volumes/{}', 'volume'],
  ['/os-snapshots/{}', 'snapshot'],
  ['/os-server-groups/{}', 'group'],
  ['/images/{}', IMAGE],
  ['/tags/{}', 't'],
  ['/versions/{}', 'v2.1'],
  ['/os-console-auth-tokens/{}', TOKEN],
  ['/migrations/{}', 'migration'],
  ['/os-instance-actions/{}', 'req-1'],
];

it.each(minors)('what is read at 2.%i is as the document describes it', async (minor) => {
  ids = { ...ids, wide: String((await cloud.call('GET', '/os-hypervisors', { ...ADMIN, at: '2.1' })).body.hypervisors[0].id) };
  const names = computeCheck
    .describedAt(`2.${minor}`)
    .filter((name) => name.startsWith('GET /v2.1/') && name !== 'GET /v2.1/ 200')
    // Up to 2.30 it tells of consoles of one kind alone, which no host has.
    .filter((name) => minor > 30 || !name.includes('/os-console-auth-tokens/'));
  const seen = await Promise.all(
    names.map(async (name) => {
      const [, template = ''] = name.split(' ');
      const at = /\/(scheduling|os-capacity)$/.test(template) ? `2.${minor}, kilonova 1.1` : `2.${minor}`;
      const path = pathOf(template, minor).replace(/\/os-capacity$/, '$&?flavor=f1');
      const answer = await cloud.call('GET', path, { ...ADMIN, at });
      return computeCheck.check('GET', `/v2.1${path}`, answer) ?? `${path} ${answer.status} ${JSON.stringify(answer.body)}`;
    }),
  );
  expect(seen).toEqual(names);
});
