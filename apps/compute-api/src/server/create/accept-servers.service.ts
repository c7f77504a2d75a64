import { randomUUID } from 'node:crypto';
import {
  type AcceptedBoot,
  ApiDatabase,
  BootRepository,
  QuotaLedgerRepository,
  ServerGroupRepository,
  type ServerUsage,
} from '@kilonova/api-db';
import { type Flavor, type Instance, type InstanceGroup, messages } from '@kilonova/compute-objects';
import { type CastEnvelope, castEnvelope, enqueueCast, type HandedCast } from '@kilonova/messaging';
import { preparedExecutor, retryTransient } from '@kilonova/sql';
import { AppError, type Ctx, invalid, KeyedGate } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ComputeSettings } from '../../common/settings.js';
import { ceilings, type EffectiveLimits, isOver, minus, requireRoom, times } from '../../quota/model/quota-arithmetic.js';
import type { PreparedDevices } from '../block-device/boot-devices.service.js';
import type { Counts } from './model/boot-count.js';
import { type Blueprint, newInstances, newSpecs } from './model/new-instances.js';

/** Servers that are about to be stored. */
export interface PlannedServers {
  readonly blueprint: Blueprint;
  readonly counts: Counts;
  readonly limits: EffectiveLimits;
  /** Of as many as are asked for; the first are taken. */
  readonly uuids: readonly string[];
  readonly prepared: PreparedDevices;
  readonly adminPassword: string;
}

export interface AcceptedServers {
  readonly instances: readonly Instance[];
  /** With the new members; null without a group. */
  readonly group: InstanceGroup | null;
  /** To be handed to the relay; without it, the relay is to be woken. */
  readonly cast?: HandedCast;
}

/** Requests of one project that wait to be stored, and for how long. */
const TURNS = { queue: 256, waitMs: 30_000 };

/** Up to this many servers are stored before the quota is taken; for more, it is taken before they are built. */
const FEW = 20;

/**
 * Stores servers: one transaction for requests, quota, places in a group and the message to the conductor, so that what was
 * answered with 202 is never lost, and what failed leaves nothing behind. A few servers that are in no group are one statement.
 */
@Injectable()
export class AcceptServers {
  readonly #boots = new BootRepository();
  readonly #groups = new ServerGroupRepository();
  readonly #ledger = new QuotaLedgerRepository();
  readonly #turns: KeyedGate;

  constructor(
    private readonly database: ApiDatabase,
    settings: ComputeSettings,
  ) {
    this.#turns = new KeyedGate({ ...TURNS, concurrency: settings.api.bootsPerProject }, 'requests for servers');
  }

  /**
   * Transactions of one project wait for its quota's row: with all connections, were they not kept from it here. Requests for
   * a number and for a range lock group and quota in different orders: a deadlock between them is run again.
   * @throws AppError 403 over quota.
   */
  run(ctx: Ctx, planned: PlannedServers): Promise<AcceptedServers> {
    const { projectId } = planned.blueprint;
    return this.#turns.run(projectId, () =>
      retryTransient(
        async () => (await this.#acceptFew(ctx, planned)) ?? this.database.transaction((sql) => this.#accept(sql, ctx, planned)),
      ),
    );
  }

  /** Undefined where the transaction has to find out why not. */
  async #acceptFew(ctx: Ctx, planned: PlannedServers): Promise<AcceptedServers | undefined> {
    const { blueprint, counts, limits, uuids } = planned;
    if (!isSettled(counts) || blueprint.request.groupUuid !== null) return undefined;
    const boots = bootsOf(ctx, planned, uuids, null);
    const bounds = { project: ceilings(limits.project), user: ceilings(limits.user) };
    const cast = await this.#boots.acceptWithin(await this.database.sql(), boots, bounds, order(ctx, uuids));
    return cast && { instances: boots.map(({ instance }) => instance), group: null, cast };
  }

  async #accept(sql: EntityManager, ctx: Ctx, planned: PlannedServers): Promise<AcceptedServers> {
    const { blueprint, counts, limits } = planned;
    const { userId, request } = blueprint;
    const settled = isSettled(counts);
    const count = settled ? counts.maxCount : await this.#takeQuota(sql, blueprint, counts, limits);
    const uuids = planned.uuids.slice(0, count);
    const group = request.groupUuid === null ? null : await this.#join(sql, request.groupUuid, uuids, userId, limits);
    const boots = bootsOf(ctx, planned, uuids, group);
    await this.#boots.acceptMany(sql, boots);
    await enqueueCast(preparedExecutor(sql), order(ctx, uuids));
    // Last, where a small number is settled: the project's row is locked for as short as can be, and going over rolls all back.
    if (settled) await this.#takeQuota(sql, blueprint, counts, limits);
    return { instances: boots.map(({ instance }) => instance), group };
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
    if (locked === undefined) throw groupNotFound(groupUuid);
    requirePlaces(limits, (locked.membersOf[userId] ?? 0) + uuids.length);
    await this.#groups.addMembers(sql, locked.id, uuids);
    return { ...locked.group, members: [...locked.group.members, ...uuids] };
  }
}

export const groupNotFound = (uuid: string): AppError =>
  invalid('compute.server.group_not_found', `Instance group ${uuid} could not be found.`);

/** @param members those of the user with the new ones @throws AppError 403 */
export function requirePlaces(limits: EffectiveLimits, members: number): void {
  if (!isOver(limits.user.server_group_members, members)) return;
  const message = 'Quota exceeded, too many servers in group';
  throw new AppError({ kind: 'quota', code: 'compute.server_group.over_quota', message });
}

const isSettled = ({ minCount, maxCount }: Counts): boolean => minCount === maxCount && maxCount <= FEW;

const order = (ctx: Ctx, instance_uuids: readonly string[]): CastEnvelope =>
  castEnvelope(ctx, messages.scheduleAndBuildInstances, { topic: 'conductor' }, { instance_uuids }, randomUUID());

function bootsOf(
  ctx: Ctx,
  { blueprint, prepared, adminPassword }: PlannedServers,
  uuids: readonly string[],
  group: InstanceGroup | null,
): AcceptedBoot[] {
  const specs = newSpecs({ ...blueprint, group }, uuids);
  return newInstances(blueprint, uuids).map((instance, index) => ({
    instance,
    spec: specs[index] as (typeof specs)[number],
    admin_password: adminPassword,
    request_id: ctx.requestId,
    block_devices: prepared.get(instance.uuid) ?? [],
  }));
}

export const usageOfOne = ({ vcpus, memory_mb: ram }: Flavor): ServerUsage => ({ instances: 1, cores: vcpus, ram });
