import { randomUUID } from 'node:crypto';
import { ApiDatabase, BootRepository, QuotaLedgerRepository, ServerGroupRepository } from '@kilonova/api-db';
import type { InstanceGroup, InstanceKeypair } from '@kilonova/compute-objects';
import { enqueueCast } from '@kilonova/messaging';
import { retryTransient } from '@kilonova/sql';
import { AppError, type Ctx, forbidden, invalid, type Principal } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  type EffectiveLimits,
  effectiveLimits,
  isOver,
  overrunMessage,
  serversThatFit,
  times,
} from '../model/quota/quota-arithmetic.js';
import type { BootContext } from '../model/server/boot-context.js';
import { checkBoot } from '../model/server/check-boot.js';
import type { CreateRequest } from '../model/server/create-request.js';
import { type Blueprint, newInstances, newSpecs } from '../model/server/new-instances.js';
import { randomPassword, reservationId } from '../model/server/secrets.js';
import { ImageCatalog } from '../ports/image-catalog.port.js';
import { ComputeSettings } from '../settings.js';
import { BootContextRepository } from '../store/boot-context.repository.js';
import { ApiOutbox } from './api-outbox.service.js';
import { DestinationGuard } from './destination.guard.js';

export interface CreateOrder {
  readonly request: CreateRequest;
  readonly mayUseZeroDisk: boolean;
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

  constructor(
    @Inject(ApiDatabase) private readonly database: ApiDatabase,
    @Inject(ImageCatalog) private readonly images: ImageCatalog,
    @Inject(ApiOutbox) private readonly outbox: ApiOutbox,
    @Inject(ComputeSettings) private readonly settings: ComputeSettings,
    @Inject(DestinationGuard) private readonly destinations: DestinationGuard,
  ) {}

  /** @throws AppError 400 for what does not fit together, 403 over quota, 503 when a service that is needed is away. */
  async run(ctx: Ctx, principal: Principal, order: CreateOrder): Promise<CreatedServers> {
    const projectId = projectOf(principal);
    const { request } = order;
    const [context, image] = await Promise.all([
      this.#load(request, projectId, principal.userId),
      request.imageId === null ? undefined : this.images.find(ctx, request.imageId),
      this.destinations.check(request.destination),
    ]);
    const limits = effectiveLimits(
      { user: context.user_limits, project: context.project_limits, defaults: context.class_limits },
      this.settings.quotas,
    );
    const { flavor, image: checkedImage } = checkBoot(request, context, image, {
      defaultZone: this.settings.api.defaultAvailabilityZone,
      metadataItems: limits.project.metadata_items,
      mayUseZeroDisk: order.mayUseZeroDisk,
      projectId,
    });
    const blueprint: Blueprint = {
      request,
      flavor,
      image: checkedImage,
      keypair: keypairOf(context),
      group: null,
      projectId,
      userId: principal.userId,
      reservationId: reservationId(),
      zone: request.zone.zone ?? this.settings.api.defaultScheduleZone ?? null,
      now: new Date().toISOString(),
    };
    const adminPassword = request.adminPassword ?? randomPassword();
    // Requests for a number and for a range lock group and quota in different orders: a deadlock between them is run again.
    const instances = await retryTransient(() =>
      this.database.transaction((sql) => this.#accept(sql, ctx, blueprint, limits, adminPassword)),
    );
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

  async #accept(sql: EntityManager, ctx: Ctx, blueprint: Blueprint, limits: EffectiveLimits, adminPassword: string) {
    const { projectId, userId, flavor, request } = blueprint;
    const exact = request.minCount === request.maxCount;
    const count = exact ? request.maxCount : await this.#takeQuota(sql, blueprint, limits);
    const uuids = Array.from({ length: count }, () => randomUUID() as string);
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
      })),
    );
    await this.#ledger.hold(
      sql,
      uuids.map((uuid) => ({
        instance_uuid: uuid,
        project_id: projectId,
        user_id: userId,
        cores: flavor.vcpus,
        ram: flavor.memory_mb,
      })),
    );
    await enqueueCast(sql, {
      messageId: randomUUID(),
      target: { topic: 'conductor' },
      method: 'schedule_and_build_instances',
      args: { instance_uuids: uuids },
      ctx,
    });
    // Last, where the number is settled: the project's row is locked for as short as can be, and going over rolls all back.
    if (exact) await this.#takeQuota(sql, blueprint, limits);
    return instances;
  }

  /** Counts the servers in; as many as asked for, or as fit when that is enough. */
  async #takeQuota(
    sql: EntityManager,
    { projectId, userId, flavor, request }: Blueprint,
    limits: EffectiveLimits,
  ): Promise<number> {
    const each = { instances: 1, cores: flavor.vcpus, ram: flavor.memory_mb };
    const after = await this.#ledger.add(sql, projectId, userId, times(each, request.maxCount));
    const { count, overruns } = serversThatFit(limits, after, each, request.maxCount);
    if (count < request.minCount)
      throw new AppError({ kind: 'quota', code: 'compute.server.over_quota', message: overrunMessage(overruns) });
    if (count < request.maxCount) await this.#ledger.subtract(sql, projectId, userId, times(each, request.maxCount - count));
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

/** Servers belong to a project; a token without one can't create any. */
function projectOf(principal: Principal): string {
  if (principal.projectId !== undefined) return principal.projectId;
  throw forbidden('compute.server.no_project', 'A token that is scoped to a project is needed.');
}

const keypairOf = ({ key_pair: key }: BootContext): InstanceKeypair | null =>
  key === null
    ? null
    : { name: key.name, user_id: key.user_id, type: key.type, fingerprint: key.fingerprint, public_key: key.public_key };
