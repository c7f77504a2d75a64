import { randomUUID } from 'node:crypto';
import {
  ApiDatabase,
  BootRepository,
  QuotaLedgerRepository,
  ServerGroupRepository,
  type ServerUsage,
  usageOf,
} from '@kilonova/api-db';
import { type Flavor, type InstanceGroup, type InstanceKeypair, messages } from '@kilonova/compute-objects';
import { castEnvelope, enqueueCast } from '@kilonova/messaging';
import { preparedExecutor, retryTransient } from '@kilonova/sql';
import { AppError, type Ctx, forbidden, invalid, KeyedGate, type Principal } from '@kilonova/util';
import type { Requester } from '@kilonova/volume-client';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApiOutbox } from '../../common/api-outbox.service.js';
import { ComputeSettings } from '../../common/settings.js';
import { ImageCatalog } from '../../image/image-catalog.port.js';
import { type EffectiveLimits, effectiveLimits, isOver, minus, requireRoom, times } from '../../quota/model/quota-arithmetic.js';
import { BootDevices, type PreparedDevices } from '../block-device/boot-devices.service.js';
import { rootOf } from '../block-device/model/requested-devices.js';
import { randomPassword, reservationId } from '../core/model/secrets.js';
import { BootContextRepository } from './boot-context.repository.js';
import { DestinationGuard } from './destination.guard.js';
import type { BootContext } from './model/boot-context.js';
import { boundCounts, type Counts } from './model/boot-count.js';
import { checkBoot } from './model/check-boot.js';
import type { CreateRequest } from './model/create-request.js';
import { type Blueprint, type BootFacts, bytesOfOne, newInstances, newSpecs } from './model/new-instances.js';

export interface CreateOrder {
  readonly request: CreateRequest;
  readonly mayUseZeroDisk: boolean;
  /** In whose name volumes are looked up and made. */
  readonly requester: Requester;
}

export interface CreatedServers {
  readonly uuids: readonly string[];
  readonly reservationId: string;
  readonly adminPassword: string;
  readonly diskConfig: 'AUTO' | 'MANUAL';
}

/**
 * Accepts servers: one transaction stores requests, quota and the message to the conductor, so that what was answered
 * with 202 is never lost, and what failed leaves nothing behind.
 */
@Injectable()
export class CreateServers {
  readonly #boots = new BootRepository();
  readonly #context = new BootContextRepository();
  readonly #groups = new ServerGroupRepository();
  readonly #ledger = new QuotaLedgerRepository();
  readonly #turns: KeyedGate;

  constructor(
    private readonly database: ApiDatabase,
    private readonly images: ImageCatalog,
    private readonly outbox: ApiOutbox,
    private readonly settings: ComputeSettings,
    private readonly destinations: DestinationGuard,
    private readonly devices: BootDevices,
  ) {
    this.#turns = new KeyedGate({ ...TURNS, concurrency: settings.api.bootsPerProject }, 'requests for servers');
  }

  /** @throws AppError 400 for what does not fit together, 403 over quota, 503 when a service that is needed is away. */
  async run(ctx: Ctx, principal: Principal, order: CreateOrder): Promise<CreatedServers> {
    const projectId = projectOf(principal);
    const { request } = order;
    const imageId = bootImageId(request);
    const [context, image, disks] = await Promise.all([
      this.#load(request, projectId, principal.userId),
      imageId === null ? undefined : this.images.find(ctx, imageId),
      this.devices.check(ctx, order.requester, request.devices, request),
      this.destinations.check(request.destination),
    ]);
    const limits = effectiveLimits(
      { user: context.user_limits, project: context.project_limits, defaults: context.class_limits },
      this.settings.quotas,
    );
    const { flavor, image: checkedImage } = checkBoot(request, context, disks.image ?? image, {
      defaultZone: this.settings.api.defaultAvailabilityZone,
      metadataItems: limits.project.metadata_items,
      mayUseZeroDisk: order.mayUseZeroDisk,
      projectId,
      bootVolume: disks.bootsFromVolume ? { size: disks.rootSize } : undefined,
    });
    const blueprint: Blueprint = {
      request,
      flavor,
      image: checkedImage,
      keypair: keypairOf(context),
      group: null,
      bootsFromVolume: disks.bootsFromVolume,
      projectId,
      userId: principal.userId,
      boot: bootFactsOf(principal),
      reservationId: reservationId(),
      zone: request.zone.zone ?? this.settings.api.defaultScheduleZone ?? null,
      now: new Date().toISOString(),
    };
    const counts = this.#counts(blueprint, limits, context);
    const adminPassword = request.adminPassword ?? randomPassword();
    // Transactions of one project wait for its quota's row: with all connections, were they not kept from it here.
    // Requests for a number and for a range lock group and quota in different orders: a deadlock between them is run again.
    const uuids = Array.from({ length: counts.maxCount }, () => randomUUID() as string);
    const prepared = await this.devices.prepare(ctx, order.requester, disks, uuids);
    const planned: PlannedServers = { blueprint, counts, uuids, prepared, adminPassword };
    const instances = await this.#turns
      .run(projectId, () => retryTransient(() => this.database.transaction((sql) => this.#accept(sql, ctx, planned, limits))))
      .catch(async (error: unknown) => {
        await this.devices.giveBack(ctx, prepared);
        throw error;
      });
    await this.devices.giveBack(ctx, without(prepared, instances));
    this.outbox.wake();
    const [first] = instances;
    return {
      uuids: instances.map(({ uuid }) => uuid),
      reservationId: blueprint.reservationId,
      adminPassword,
      diskConfig: first?.auto_disk_config === true ? 'AUTO' : 'MANUAL',
    };
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

  async #accept(
    sql: EntityManager,
    ctx: Ctx,
    { blueprint, counts, uuids: all, prepared, adminPassword }: PlannedServers,
    limits: EffectiveLimits,
  ) {
    const { userId, request } = blueprint;
    const settled = counts.minCount === counts.maxCount && counts.maxCount <= FEW;
    const count = settled ? counts.maxCount : await this.#takeQuota(sql, blueprint, counts, limits);
    const uuids = all.slice(0, count);
    const group = request.groupUuid === null ? null : await this.#join(sql, request.groupUuid, uuids, userId, limits);
    const instances = newInstances(blueprint, uuids);
    const specs = newSpecs({ ...blueprint, group }, uuids);
    await this.#boots.acceptMany(
      sql,
      instances.map((instance, index) => ({
        instance,
        spec: specs[index] as (typeof specs)[number],
        admin_password: adminPassword,
        request_id: ctx.requestId,
        block_devices: prepared.get(instance.uuid) ?? [],
      })),
    );
    const conductor = { topic: 'conductor' } as const;
    const args = { instance_uuids: uuids };
    await enqueueCast(
      preparedExecutor(sql),
      castEnvelope(ctx, messages.scheduleAndBuildInstances, conductor, args, randomUUID()),
    );
    // Last, where a small number is settled: the project's row is locked for as short as can be, and going over rolls all back.
    if (settled) await this.#takeQuota(sql, blueprint, counts, limits);
    return instances;
  }

  /** Counts the servers in; as many as asked for, or as fit when that is enough. */
  async #takeQuota(
    sql: EntityManager,
    { projectId, userId, flavor }: Blueprint,
    counts: Counts,
    limits: EffectiveLimits,
  ): Promise<number> {
    const each = usageOfOne(flavor);
    const taken = times(each, counts.maxCount);
    const after = await this.#ledger.add(sql, projectId, userId, taken);
    const count = requireRoom(limits, minus(after, taken), each, counts);
    if (count < counts.maxCount) await this.#ledger.subtract(sql, projectId, userId, times(each, counts.maxCount - count));
    return count;
  }

  async #join(
    sql: EntityManager,
    groupUuid: string,
    uuids: readonly string[],
    userId: string,
    limits: EffectiveLimits,
  ): Promise<InstanceGroup> {
    const locked = await this.#groups.locked(sql, groupUuid);
    if (locked === undefined) throw invalid('compute.server.group_not_found', `Instance group ${groupUuid} could not be found.`);
    const members = (locked.membersOf[userId] ?? 0) + uuids.length;
    if (isOver(limits.user.server_group_members, members)) {
      throw new AppError({
        kind: 'quota',
        code: 'compute.server_group.over_quota',
        message: 'Quota exceeded, too many servers in group',
      });
    }
    await this.#groups.addMembers(sql, locked.id, uuids);
    return { ...locked.group, members: [...locked.group.members, ...uuids] };
  }
}

/** Servers that are about to be stored. */
interface PlannedServers {
  readonly blueprint: Blueprint;
  readonly counts: Counts;
  /** Of as many as are asked for; the first are taken. */
  readonly uuids: readonly string[];
  readonly prepared: PreparedDevices;
  readonly adminPassword: string;
}

/** What was prepared for servers that there was no room for. */
const without = (prepared: PreparedDevices, instances: ReadonlyArray<{ readonly uuid: string }>): PreparedDevices => {
  const stored = new Set(instances.map(({ uuid }) => uuid));
  return new Map([...prepared].filter(([uuid]) => !stored.has(uuid)));
};

/** The image that is read for the boot: the server's own, or that of the volume that it boots from. */
function bootImageId({ imageId, devices }: CreateRequest): string | null {
  const root = rootOf(devices);
  return root?.source === 'image' ? root.sourceId : imageId;
}

/** Requests of one project that wait to be stored, and for how long. */
const TURNS = { queue: 256, waitMs: 30_000 };

/** Up to this many servers are stored before the quota is taken; for more, it is taken before they are built. */
const FEW = 20;

const usageOfOne = ({ vcpus, memory_mb: ram }: Flavor): ServerUsage => ({ instances: 1, cores: vcpus, ram });

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
