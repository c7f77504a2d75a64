import type { RequestedNetwork, RequestedNetworks } from '@kilonova/compute-objects';
import { AppError, invalid, isUuid } from '@kilonova/util';
import { Since } from '../../../common/model/microversion.js';
import { isTrue } from '../../../common/values.js';
import {
  type DeviceBody,
  type LegacyDeviceBody,
  type RequestedDevice,
  readDevices,
} from '../../block-device/model/requested-devices.js';
import { MAX_INTERFACES } from '../../interface/model/max-interfaces.js';
import { canonicalIpV6 } from '../../model/ip-address.js';

/** The body of POST /servers, checked by its schema. */
export interface CreateServerBody {
  readonly server: {
    readonly name: string;
    readonly imageRef?: string;
    readonly flavorRef: string | number;
    readonly adminPass?: string;
    readonly metadata?: Readonly<Record<string, string>>;
    readonly networks?: 'none' | 'auto' | readonly NetworkBody[];
    readonly 'OS-DCF:diskConfig'?: 'AUTO' | 'MANUAL';
    readonly accessIPv4?: string;
    readonly accessIPv6?: string;
    readonly personality?: readonly unknown[];
    readonly availability_zone?: string;
    readonly block_device_mapping?: readonly LegacyDeviceBody[];
    readonly block_device_mapping_v2?: readonly DeviceBody[];
    readonly config_drive?: boolean | string;
    readonly key_name?: string;
    readonly min_count?: number | string;
    readonly max_count?: number | string;
    readonly return_reservation_id?: boolean | string;
    readonly security_groups?: ReadonlyArray<{ readonly name: string }>;
    readonly user_data?: string;
    readonly description?: string | null;
    readonly tags?: readonly string[];
    readonly trusted_image_certificates?: readonly string[] | null;
    readonly host?: string;
    readonly hypervisor_hostname?: string;
    readonly hostname?: string;
  };
  readonly 'os:scheduler_hints'?: SchedulerHints;
  readonly 'OS-SCH-HNT:scheduler_hints'?: SchedulerHints;
}

export type SchedulerHints = Readonly<Record<string, unknown>>;

/** What the caller wants, in our own words. */
export interface CreateRequest {
  readonly name: string;
  readonly imageId: string | null;
  readonly flavorid: string;
  readonly adminPassword: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly networks: RequestedNetworks;
  /** Names or ids, each once. */
  readonly securityGroups: readonly string[];
  readonly diskConfig: 'AUTO' | 'MANUAL' | null;
  readonly accessIpV4: string | null;
  readonly accessIpV6: string | null;
  readonly zone: RequestedZone;
  readonly destination: { readonly host: string | null; readonly node: string | null } | null;
  readonly configDrive: boolean;
  readonly keyName: string | null;
  readonly minCount: number;
  readonly maxCount: number;
  readonly answerReservation: boolean;
  readonly userData: string | null;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly trustedCerts: readonly string[] | null;
  readonly hostname: string | null;
  readonly hints: Readonly<Record<string, readonly string[]>>;
  readonly groupUuid: string | null;
  /** Disks beside the image. */
  readonly devices: readonly RequestedDevice[];
  /** Of the API, major · 1000 + minor. */
  readonly version: number;
}

/** `zone`, or with a host forced by an administrator: `zone:host`, `zone:host:node`, `zone::node`. */
export interface RequestedZone {
  readonly zone: string | null;
  readonly host: string | null;
  readonly node: string | null;
}

const bad = (reason: string, message: string): AppError => invalid(`compute.server.${reason}`, message);

/** Reads a body. @throws AppError 400 for what no schema can say. @param version major · 1000 + minor */
export function readCreateRequest(body: CreateServerBody, version: number): CreateRequest {
  const { server } = body;
  const hints = readHints(body['os:scheduler_hints'] ?? body['OS-SCH-HNT:scheduler_hints'] ?? {});
  const imageId = server.imageRef === undefined || server.imageRef === '' ? null : server.imageRef;
  refuseUnsupported(server);
  return {
    name: server.name,
    imageId,
    flavorid: String(server.flavorRef),
    adminPassword: server.adminPass ?? null,
    metadata: server.metadata ?? {},
    networks: readNetworks(server.networks),
    securityGroups: readGroups(server.security_groups ?? []),
    diskConfig: server['OS-DCF:diskConfig'] ?? null,
    accessIpV4: server.accessIPv4 ?? null,
    accessIpV6: server.accessIPv6 === undefined ? null : canonicalIpV6(server.accessIPv6),
    zone: readZone(server.availability_zone),
    destination: readDestination(server),
    configDrive: isTrue(server.config_drive),
    keyName: server.key_name ?? null,
    ...readCounts(server),
    answerReservation: isTrue(server.return_reservation_id),
    userData: server.user_data ?? null,
    description: version < Since.serverDescription ? server.name : (server.description ?? null),
    tags: [...new Set(server.tags ?? [])],
    trustedCerts: server.trusted_image_certificates ?? null,
    hostname: server.hostname ?? null,
    hints,
    groupUuid: hints['group']?.[0] ?? null,
    devices: readDevices(server, imageId),
    version,
  };
}

function readCounts(server: CreateServerBody['server']): Pick<CreateRequest, 'minCount' | 'maxCount'> {
  const minCount = Number(server.min_count ?? 1);
  const maxCount = Number(server.max_count ?? minCount);
  if (minCount > maxCount) throw bad('counts_invalid', 'min_count must be <= max_count');
  return { minCount, maxCount };
}

/** Bytes of hints, as JSON: they are asked about for every host. */
const MAX_HINTS_BYTES = 16_384;

/** Every value becomes a list of texts. @throws AppError 400 for more than anybody needs */
function readHints(hints: SchedulerHints): CreateRequest['hints'] {
  if (Buffer.byteLength(JSON.stringify(hints)) > MAX_HINTS_BYTES)
    throw bad('hints_too_long', `Scheduler hints can have ${MAX_HINTS_BYTES} bytes at most.`);
  const texts = (value: unknown): readonly string[] =>
    (Array.isArray(value) ? value : [value]).map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
  return Object.fromEntries(Object.entries(hints).map(([key, value]) => [key, texts(value)]));
}

/** @throws AppError 400 for more than two colons. */
export function readZone(text: string | undefined): RequestedZone {
  if (text === undefined || text === '') return { zone: null, host: null, node: null };
  const [zone = '', host = '', node = '', ...rest] = text.split(':');
  if (rest.length > 0) throw bad('zone_malformed', `Unable to parse availability_zone: ${text}`);
  return { zone: zone === '' ? null : zone, host: host === '' ? null : host, node: node === '' ? null : node };
}

function readDestination({
  host,
  hypervisor_hostname: node,
  availability_zone: zone,
}: CreateServerBody['server']): CreateRequest['destination'] {
  if (host === undefined && node === undefined) return null;
  if (zone?.includes(':'))
    throw bad('destination_twice', 'It is mandatory to either name a host in availability_zone or as host, not both.');
  return { host: host ?? null, node: node ?? null };
}

/** An entry of `networks`, checked by its schema. */
interface NetworkBody {
  readonly uuid?: string;
  readonly port?: string | null;
  readonly fixed_ip?: string;
  readonly tag?: string;
}

/** @throws AppError 400 for entries that name no network, or too much, and for too many */
function readNetworks(networks: CreateServerBody['server']['networks']): RequestedNetworks {
  if (networks === undefined || networks === 'auto') return 'auto';
  if (networks === 'none' || networks.length === 0) return 'none';
  if (networks.length > MAX_INTERFACES) throw bad('networks_too_many', `A server can have ${MAX_INTERFACES} interfaces at most.`);
  return networks.map(readNetwork);
}

/** Where nothing is said, the project's default. */
function readGroups(groups: ReadonlyArray<{ readonly name: string }>): readonly string[] {
  return groups.length === 0 ? ['default'] : [...new Set(groups.map(({ name }) => name))];
}

function readNetwork({ uuid, port, fixed_ip, tag }: NetworkBody): RequestedNetwork {
  const tagged = tag === undefined ? {} : { tag };
  if (port !== undefined && port !== null) {
    if (fixed_ip === undefined) return { port, ...tagged };
    throw bad(
      'address_of_port',
      `Specified Fixed IP '${fixed_ip}' cannot be used with port '${port}': the two cannot be specified together.`,
    );
  }
  if (uuid === undefined || !isUuid(uuid))
    throw bad('network_malformed', `Bad networks format: network uuid is not in proper format (${uuid ?? ''})`);
  return { uuid, ...(fixed_ip === undefined ? {} : { fixed_ip }), ...tagged };
}

/** What this deployment has no service for is refused, never dropped. */
function refuseUnsupported(server: CreateServerBody['server']): void {
  if ((server.personality ?? []).length > 0)
    throw bad('personality_unsupported', 'File injection is not supported by the hypervisors of this cloud.');
}

/** Rights that parts of a request need beyond the right to create, in the order in which they are asked for. */
export function rightsNeeded(request: CreateRequest): readonly string[] {
  return [
    ...(typeof request.networks === 'string' ? [] : ['os_compute_api:servers:create:attach_network']),
    ...(request.devices.some(({ destination }) => destination === 'volume')
      ? ['os_compute_api:servers:create:attach_volume']
      : []),
    ...(request.zone.host !== null || request.zone.node !== null ? ['os_compute_api:servers:create:forced_host'] : []),
    ...(request.destination !== null ? ['compute:servers:create:requested_destination'] : []),
    ...(request.trustedCerts !== null ? ['os_compute_api:servers:create:trusted_certs'] : []),
  ];
}
