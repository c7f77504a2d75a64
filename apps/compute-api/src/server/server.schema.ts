import type { JsonSchema } from '@kilonova/http';
import {
  anything,
  base64,
  bool,
  deviceTag,
  extended,
  hostname,
  int,
  ipv4,
  ipv6,
  listOf,
  metadata,
  name,
  nullable,
  object,
  oneOf,
  openObject,
  query,
  queryInt,
  queryText,
  queryTime,
  text,
  uuid,
  versions,
  wrapped,
  zone,
} from '../common/schema-kit.js';

type Properties = Readonly<Record<string, JsonSchema>>;

const diskConfig = oneOf('AUTO', 'MANUAL');
const flavorRef: JsonSchema = { type: ['string', 'integer'], minLength: 1 };
/** A uuid, or nothing at all for a server that boots from a volume. */
const imageRef: JsonSchema = { anyOf: [uuid, { type: 'string', maxLength: 0 }] };
const description = nullable({ type: 'string', maxLength: 255 });
/** RFC 952: letters, digits, hyphens. */
const label: JsonSchema = { type: 'string', minLength: 2, maxLength: 63, pattern: '^[a-zA-Z0-9]+[a-zA-Z0-9-]*[a-zA-Z0-9]+$' };
const domainName: JsonSchema = {
  type: 'string',
  minLength: 2,
  maxLength: 255,
  pattern: '^[a-zA-Z0-9]+[a-zA-Z0-9-.]*[a-zA-Z0-9]+$',
};
const tags = listOf(deviceTag, { maxItems: 50 });
const certificates = nullable(listOf({ type: 'string', minLength: 1 }, { minItems: 1, maxItems: 50, uniqueItems: true }));

const network = (extra: Properties, id: JsonSchema): JsonSchema =>
  object({ uuid: id, port: nullable(uuid), fixed_ip: { type: 'string', format: 'ip' }, ...extra });
const networks = (extra: Properties = {}): JsonSchema => ({
  anyOf: [oneOf('none', 'auto'), listOf(network(extra, uuid), { uniqueItems: true })],
});

const volume: Properties = {
  virtual_name: text(),
  volume_id: uuid,
  snapshot_id: uuid,
  volume_size: int(1),
  device_name: text(1),
  delete_on_termination: bool,
  no_device: anything,
  connection_info: text(0, 16_777_215),
};
const volumeV2 = (extra: Properties = {}): JsonSchema =>
  object({
    ...volume,
    source_type: oneOf('volume', 'image', 'snapshot', 'blank'),
    uuid: text(1),
    image_id: uuid,
    destination_type: oneOf('local', 'volume'),
    guest_format: text(),
    device_type: text(),
    disk_bus: text(),
    boot_index: nullable({ type: ['integer', 'string'], pattern: '^-?[0-9]+$' }),
    ...extra,
  });

const uuids: JsonSchema = { anyOf: [uuid, listOf(uuid)] };
const hints = openObject({
  group: { anyOf: [uuid, listOf(uuid, { maxItems: 1 })] },
  different_host: uuids,
  same_host: uuids,
  query: { type: ['string', 'object'] },
  target_cell: name,
  different_cell: { type: ['string', 'array'] },
  build_near_host_ip: { type: 'string', format: 'ip' },
  cidr: { type: 'string', pattern: '^/[0-9a-f.:]+$' },
});

const personality = listOf(object({ path: { type: 'string' }, contents: base64 }, []));

const base = {
  name,
  imageRef,
  flavorRef,
  adminPass: { type: 'string' },
  metadata,
  networks: listOf(network({}, { type: 'string' })),
  'OS-DCF:diskConfig': diskConfig,
  accessIPv4: ipv4,
  accessIPv6: ipv6,
  personality,
  availability_zone: zone,
  block_device_mapping: listOf(object(volume)),
  block_device_mapping_v2: listOf(volumeV2()),
  config_drive: bool,
  key_name: text(1),
  min_count: int(1),
  max_count: int(1),
  return_reservation_id: bool,
  security_groups: listOf(object({ name }), { maxItems: 64 }),
  user_data: { ...base64, maxLength: 65_535 },
};

const create = (properties: Properties, required: readonly string[] = []): JsonSchema =>
  object(
    {
      server: object(properties, ['name', 'flavorRef', ...required]),
      'os:scheduler_hints': hints,
      'OS-SCH-HNT:scheduler_hints': hints,
    },
    ['server'],
  );

const at219 = { ...base, description };
const at232 = {
  ...at219,
  networks: listOf(network({ tag: deviceTag }, { type: 'string' })),
  block_device_mapping_v2: listOf(volumeV2({ tag: deviceTag })),
};
const at233 = { ...at232, block_device_mapping_v2: listOf(volumeV2()) };
const at237 = { ...at233, networks: networks() };
const at242 = { ...at237, networks: networks({ tag: deviceTag }), block_device_mapping_v2: listOf(volumeV2({ tag: deviceTag })) };
const at252 = { ...at242, tags };
const { personality: _dropped, ...at257 } = at252;
const at263 = { ...at257, trusted_image_certificates: certificates };
const at267 = { ...at263, block_device_mapping_v2: listOf(volumeV2({ tag: deviceTag, volume_type: nullable(text()) })) };
const at274 = { ...at267, host: hostname, hypervisor_hostname: hostname };
const at290 = { ...at274, hostname: label };
const at294 = { ...at290, hostname: domainName };
const NETWORKS = ['networks'];

/** POST /servers. */
export const createServer = versions(
  ['2.1', create(base)],
  ['2.19', create(at219)],
  ['2.32', create(at232)],
  ['2.33', create(at233)],
  ['2.37', create(at237, NETWORKS)],
  ['2.42', create(at242, NETWORKS)],
  ['2.52', create(at252, NETWORKS)],
  ['2.57', create(at257, NETWORKS)],
  ['2.63', create(at263, NETWORKS)],
  ['2.67', create(at267, NETWORKS)],
  ['2.74', create(at274, NETWORKS)],
  ['2.90', create(at290, NETWORKS)],
  ['2.94', create(at294, NETWORKS)],
);

const rebuild = (properties: Properties, required = ['imageRef']): JsonSchema => wrapped('rebuild', object(properties, required));
const rebuilt = {
  name,
  imageRef,
  adminPass: { type: 'string' },
  metadata,
  preserve_ephemeral: bool,
  'OS-DCF:diskConfig': diskConfig,
  accessIPv4: ipv4,
  accessIPv6: ipv6,
  personality,
};
const rebuilt219 = { ...rebuilt, description };
const rebuilt254 = { ...rebuilt219, key_name: nullable(text(1)) };
const { personality: _gone, ...withoutFiles } = rebuilt254;
const rebuilt257 = { ...withoutFiles, user_data: nullable({ ...base64, maxLength: 65_535 }) };
const rebuilt263 = { ...rebuilt257, trusted_image_certificates: certificates };

const REBUILT: ReadonlyArray<readonly [from: string, properties: Properties]> = [
  ['2.1', rebuilt],
  ['2.19', rebuilt219],
  ['2.54', rebuilt254],
  ['2.57', rebuilt257],
  ['2.63', rebuilt263],
  ['2.90', { ...rebuilt263, hostname: label }],
  ['2.94', { ...rebuilt263, hostname: domainName }],
];

/** POST /servers/{id}/action, rebuild. With extensions the image may be left out (the server's own), and another host be wanted. */
export const rebuildServer = [
  ...extended(
    '1.0',
    versions(...REBUILT.map(([from, properties]) => [from, rebuild({ ...properties, elsewhere: bool }, [])] as const)),
  ),
  ...versions(...REBUILT.map(([from, properties]) => [from, rebuild(properties)] as const)),
];

const changeable: Properties = { name, 'OS-DCF:diskConfig': diskConfig, accessIPv4: ipv4, accessIPv6: ipv6 };

/** PUT /servers/{id}. */
export const updateServer = versions(
  ['2.1', wrapped('server', object(changeable))],
  ['2.19', wrapped('server', object({ ...changeable, description }))],
  ['2.90', wrapped('server', object({ ...changeable, description, hostname: label }))],
  ['2.94', wrapped('server', object({ ...changeable, description, hostname: domainName }))],
);

const FILTERS = [
  'user_id',
  'project_id',
  'tenant_id',
  'launch_index',
  'image_ref',
  'image',
  'kernel_id',
  'ramdisk_id',
  'hostname',
  'key_name',
  'power_state',
  'vm_state',
  'task_state',
  'host',
  'node',
  'flavor',
  'reservation_id',
  'launched_at',
  'terminated_at',
  'availability_zone',
  'name',
  'display_name',
  'description',
  'display_description',
  'locked_by',
  'uuid',
  'root_device_name',
  'config_drive',
  'access_ip_v4',
  'access_ip_v6',
  'auto_disk_config',
  'progress',
  'sort_dir',
  'all_tenants',
  'soft_deleted',
  'deleted',
  'status',
  'ip',
  'ip6',
  'created_at',
  'marker',
] as const;

const listed: Properties = {
  ...Object.fromEntries(
    FILTERS.map((key) => [
      key,
      key === 'name' || key === 'ip' || key === 'ip6' ? { type: 'string', format: 'regex' } : queryText,
    ]),
  ),
  'changes-since': queryTime,
  sort_key: queryText,
  limit: queryInt,
};
/** Joined tables, which no list can be filtered by. */
const JOINED = [
  'block_device_mapping',
  'services',
  'metadata',
  'system_metadata',
  'info_cache',
  'security_groups',
  'pci_devices',
];
const legacy: Properties = { ...listed, ...Object.fromEntries(JOINED.map((key) => [key, queryText])) };
const tagFilters: Properties = { tags: queryText, 'tags-any': queryText, 'not-tags': queryText, 'not-tags-any': queryText };
const until: Properties = { 'changes-before': queryTime };

/** GET /servers and /servers/detail. */
export const listServers = versions(
  ['2.1', query(legacy)],
  ['2.26', query({ ...legacy, ...tagFilters })],
  ['2.66', query({ ...legacy, ...tagFilters, ...until })],
  ['2.73', query({ ...legacy, ...tagFilters, ...until, locked: queryText })],
  ['2.75', query({ ...listed, ...tagFilters, ...until, locked: queryText }, true)],
);
