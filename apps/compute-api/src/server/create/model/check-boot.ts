import type { Flavor, ImageMeta, PciAlias } from '@kilonova/compute-objects';
import { type AppError, forbidden, invalid } from '@kilonova/util';
import { checkLocalDisks } from '../../block-device/model/local-disks.js';
import { checkHardware } from '../../model/check-hardware.js';
import type { BootContext } from './boot-context.js';
import type { CreateRequest } from './create-request.js';

const bad = (reason: string, message: string): AppError => invalid(`compute.server.${reason}`, message);

export interface BootRules {
  /** The zone of hosts that no aggregate puts into another. */
  readonly defaultZone: string;
  /** Limit of metadata items; -1: none. */
  readonly metadataItems: number;
  readonly mayUseZeroDisk: boolean;
  readonly projectId: string;
  /** The server boots from a volume of so many GiB (null: unknown), not from the host's disk. */
  readonly bootVolume: { readonly size: number | null } | undefined;
  /** Devices that flavors may ask for by name. */
  readonly pciAliases: readonly PciAlias[];
}

/** A request whose parts exist and fit together. */
export interface CheckedBoot {
  readonly flavor: Flavor;
  readonly image: ImageMeta;
}

/** @throws AppError 400 or 403 in the words that clients know, for the first thing that is wrong. */
export function checkBoot(
  request: CreateRequest,
  context: BootContext,
  image: ImageMeta | undefined,
  rules: BootRules,
): CheckedBoot {
  const { flavor } = context;
  if (flavor === null) throw bad('flavor_not_found', `Flavor ${request.flavorid} could not be found.`);
  if (image === undefined) throw bad('image_not_found', 'Can not find requested image');
  checkZone(request, context, rules);
  checkImage(image, flavor, rules);
  checkLocalDisks(request.devices, flavor, rules.bootVolume === undefined);
  refusePromises(request, image, flavor);
  checkHardware(flavor, image.properties, rules.pciAliases);
  if (request.keyName !== null && context.key_pair === null) throw bad('key_not_found', 'Invalid key_name provided.');
  if (request.groupUuid !== null && context.group?.project_id !== rules.projectId) {
    throw bad('group_not_found', `Instance group ${request.groupUuid} could not be found.`);
  }
  checkMetadata(request.metadata, rules.metadataItems);
  return { flavor, image };
}

/** What no driver here can keep is refused rather than left out. @throws AppError 400 */
function refusePromises({ trustedCerts }: CreateRequest, image: ImageMeta, flavor: Flavor): void {
  if (trustedCerts !== null) {
    throw bad('certificates_unsupported', 'Image signature certificate validation support is not yet available.');
  }
  if (flavor.extra_specs['os:secure_boot'] === 'required' || image.properties['os_secure_boot'] === 'required') {
    throw bad('secure_boot_unsupported', 'Secure Boot is not supported by host');
  }
}

/** @throws AppError 403 for too many items. */
export function checkMetadata(metadata: Readonly<Record<string, string>>, limit: number): void {
  if (limit < 0 || Object.keys(metadata).length <= limit) return;
  throw forbidden('compute.metadata.over_quota', `Maximum number of metadata items exceeds ${limit}`);
}

/** A host that was forced with the zone is left to the scheduler, as upstream does; one that was asked for (2.74) must exist. */
function checkZone({ zone: { zone }, destination }: CreateRequest, context: BootContext, { defaultZone }: BootRules): void {
  if (zone !== null && zone !== defaultZone && !context.zone_has_hosts) {
    throw bad('zone_unavailable', 'The requested availability zone is not available');
  }
  const host = destination?.host ?? null;
  if (host !== null && !context.host_is_known) throw bad('host_not_found', `Compute host ${host} could not be found.`);
}

const GIB = 1024 ** 3;

/** @throws AppError 400 or 403 for an image that a server of this flavor can't be made of */
export function checkImage(
  image: ImageMeta,
  flavor: Flavor,
  { mayUseZeroDisk, bootVolume }: Pick<BootRules, 'mayUseZeroDisk' | 'bootVolume'>,
): void {
  if (image.status !== 'active') throw bad('image_not_active', `Image ${image.id ?? ''} is not active.`);
  if (flavor.memory_mb < image.min_ram) throw bad('memory_too_small', "Flavor's memory is too small for requested image.");
  if (bootVolume === undefined) checkRootDisk(image, flavor, mayUseZeroDisk);
  else checkBootVolume(image, bootVolume.size);
}

function checkRootDisk(image: ImageMeta, flavor: Flavor, mayUseZeroDisk: boolean): void {
  if (flavor.root_gb === 0) {
    if (mayUseZeroDisk) return;
    throw forbidden('compute.server.zero_disk', 'Only volume-backed servers are allowed for flavors with zero disk.');
  }
  const disk = flavor.root_gb * GIB;
  if ((image.size ?? 0) > disk) {
    throw bad(
      'disk_too_small',
      `Flavor's disk is too small for requested image. Flavor disk is ${disk} bytes, image is ${image.size} bytes.`,
    );
  }
  if (image.min_disk > flavor.root_gb) {
    throw bad(
      'disk_too_small',
      `Flavor's disk is smaller than the minimum size specified in image metadata. Flavor disk is ${disk} bytes, minimum size is ${image.min_disk * GIB} bytes.`,
    );
  }
}

/** @param size GiB of the volume */
function checkBootVolume({ min_disk }: ImageMeta, size: number | null): void {
  if (size === null || min_disk <= size) return;
  throw bad(
    'volume_too_small',
    `Volume is smaller than the minimum size specified in image metadata. Volume size is ${size * GIB} bytes, minimum size is ${min_disk * GIB} bytes.`,
  );
}
