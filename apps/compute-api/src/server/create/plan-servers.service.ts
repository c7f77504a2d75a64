import { ApiDatabase, usageOf } from '@kilonova/api-db';
import type { ImageMeta, InstanceKeypair } from '@kilonova/compute-objects';
import { type Ctx, forbidden, type Principal } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../../common/settings.js';
import { ImageCatalog } from '../../image/image-catalog.port.js';
import { type EffectiveLimits, effectiveLimits, requireRoom } from '../../quota/model/quota-arithmetic.js';
import { BootDevices, type CheckedDevices } from '../block-device/boot-devices.service.js';
import { devicesOfImage, mergedDevices } from '../block-device/model/image-devices.js';
import { rootOf } from '../block-device/model/requested-devices.js';
import { reservationId } from '../core/model/secrets.js';
import { usageOfOne } from './accept-servers.service.js';
import { BootContextRepository } from './boot-context.repository.js';
import { BootNetworks, type NetworkCaller } from './boot-networks.service.js';
import { DestinationGuard } from './destination.guard.js';
import type { BootContext } from './model/boot-context.js';
import { boundCounts, type Counts } from './model/boot-count.js';
import { checkBoot } from './model/check-boot.js';
import type { CreateRequest } from './model/create-request.js';
import { type Blueprint, type BootFacts, bytesOfOne } from './model/new-instances.js';

export interface CreateOrder {
  readonly request: CreateRequest;
  readonly mayUseZeroDisk: boolean;
  /** In whose name volumes and networks are looked up, and volumes made. */
  readonly requester: NetworkCaller;
}

/** Servers as they would be made: all is checked, nothing is stored or taken. */
export interface ServerPlan {
  readonly blueprint: Blueprint;
  readonly counts: Counts;
  readonly limits: EffectiveLimits;
  readonly disks: CheckedDevices;
}

/** What servers boot from: the request with all of its disks, these as they were found, and what is known of the image. */
interface BootSource {
  readonly request: CreateRequest;
  readonly disks: CheckedDevices;
  readonly image: ImageMeta | undefined;
}

/** Gathers what new servers need, and checks that it fits together. */
@Injectable()
export class PlanServers {
  readonly #context = new BootContextRepository();

  constructor(
    private readonly database: ApiDatabase,
    private readonly images: ImageCatalog,
    private readonly settings: ComputeSettings,
    private readonly destinations: DestinationGuard,
    private readonly devices: BootDevices,
    private readonly networks: BootNetworks,
  ) {}

  /** @throws AppError 400 for what does not fit together, 403 over quota, 503 when a service that is needed is away. */
  async run(ctx: Ctx, principal: Principal, order: CreateOrder): Promise<ServerPlan> {
    const projectId = projectOf(principal);
    const [context, source, networks] = await Promise.all([
      this.#load(order.request, projectId, principal.userId),
      this.#source(ctx, order),
      this.networks.resolve(ctx, order.requester, order.request),
      this.destinations.check(order.request.destination),
    ]);
    const { request, image, disks } = source;
    const limits = effectiveLimits(
      { user: context.user_limits, project: context.project_limits, defaults: context.class_limits },
      this.settings.quotas,
    );
    const { flavor, image: checkedImage } = checkBoot(request, context, image, {
      defaultZone: this.settings.api.defaultAvailabilityZone,
      metadataItems: limits.project.metadata_items,
      mayUseZeroDisk: order.mayUseZeroDisk,
      projectId,
      pciAliases: this.settings.pciAliases,
      bootVolume: disks.bootsFromVolume ? { size: disks.rootSize } : undefined,
    });
    const blueprint: Blueprint = {
      request,
      flavor,
      image: checkedImage,
      keypair: keypairOf(context),
      group: null,
      bootsFromVolume: disks.bootsFromVolume,
      networks,
      projectId,
      userId: principal.userId,
      boot: bootFactsOf(principal),
      reservationId: reservationId(),
      zone: request.zone.zone ?? this.settings.api.defaultScheduleZone ?? null,
      now: new Date().toISOString(),
    };
    const counts = this.#counts(blueprint, limits, context);
    return { blueprint, counts, limits, disks };
  }

  /** What the servers boot from. An image that is made of volumes stands for its disks. */
  async #source(ctx: Ctx, { request, requester }: CreateOrder): Promise<BootSource> {
    const imageId = bootImageId(request);
    const image = imageId === null ? undefined : await this.images.find(ctx, imageId);
    const ofImage = image && devicesOfImage(image.properties);
    if (ofImage === undefined) {
      const disks = await this.devices.check(ctx, requester, request.devices, request);
      return { request, disks, image: disks.image ?? image };
    }
    const mapped = { ...request, imageId: null, devices: mergedDevices(ofImage, request.devices) };
    return { request: mapped, image, disks: await this.devices.check(ctx, requester, mapped.devices, mapped) };
  }

  async #load(request: CreateRequest, projectId: string, userId: string): Promise<BootContext> {
    const { flavorid, keyName, groupUuid, zone, destination } = request;
    const question = { flavorid, projectId, userId, keyName, groupUuid, zone: zone.zone, host: destination?.host ?? null };
    return this.#context.load(await this.database.sql(), question);
  }

  /**
   * How many servers will be asked of the ledger. Nothing of the size of the request's own numbers exists before this:
   * what is over the quota, or over the bound of one request, ends here, without a transaction.
   */
  #counts(blueprint: Blueprint, limits: EffectiveLimits, { usage }: BootContext): Counts {
    const { request, flavor } = blueprint;
    const each = usageOfOne(flavor);
    const fit = requireRoom(limits, usageOf(usage), each, request);
    if (request.maxCount === 1) return request;
    return boundCounts({ minCount: request.minCount, maxCount: fit }, bytesOfOne(blueprint), {
      servers: this.settings.api.maxServersPerRequest,
      bytes: this.settings.api.maxBytesPerRequest,
      grouped: request.groupUuid !== null,
    });
  }
}

/** The image that is read for the boot: the server's own, or that of the volume that it boots from. */
function bootImageId({ imageId, devices }: CreateRequest): string | null {
  const root = rootOf(devices);
  return root?.source === 'image' ? root.sourceId : imageId;
}

/** Servers belong to a project; a token without one can't create any. */
function projectOf(principal: Principal): string {
  if (principal.projectId !== undefined) return principal.projectId;
  throw forbidden('compute.server.no_project', 'A token that is scoped to a project is needed.');
}

const bootFactsOf = ({ userName = '', projectName = '', roles }: Principal): BootFacts => ({
  owner_user_name: userName,
  owner_project_name: projectName,
  boot_roles: roles.join(','),
});

const keypairOf = ({ key_pair: key }: BootContext): InstanceKeypair | null =>
  key === null
    ? null
    : { name: key.name, user_id: key.user_id, type: key.type, fingerprint: key.fingerprint, public_key: key.public_key };
