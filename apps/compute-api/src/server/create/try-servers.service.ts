import { randomUUID } from 'node:crypto';
import { ApiDatabase, ServerGroupRepository } from '@kilonova/api-db';
import type { InstanceGroup, SelectDestinationsResult } from '@kilonova/compute-objects';
import type { Ctx, Principal } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import type { EffectiveLimits } from '../../quota/model/quota-arithmetic.js';
import { HostTrials } from '../trial/host-trials.port.js';
import { groupNotFound, requirePlaces } from './accept-servers.service.js';
import { newSpecs } from './model/new-instances.js';
import { type CreateOrder, PlanServers } from './plan-servers.service.js';

/** Servers that are asked for to see where they would go: checked like others, then neither stored nor counted. */
@Injectable()
export class TryServers {
  constructor(
    private readonly plan: PlanServers,
    private readonly database: ApiDatabase,
    private readonly groups: ServerGroupRepository,
    private readonly trials: HostTrials,
  ) {}

  /** @throws AppError as `CreateServers.run` */
  async run(ctx: Ctx, principal: Principal, order: CreateOrder): Promise<SelectDestinationsResult> {
    const { blueprint, counts, limits } = await this.plan.run(ctx, principal, order);
    const uuids = Array.from({ length: counts.maxCount }, () => randomUUID() as string);
    const { groupUuid } = order.request;
    const group = groupUuid === null ? null : await this.#group(groupUuid, principal.userId, uuids.length, limits);
    const [spec] = newSpecs({ ...blueprint, group }, uuids);
    if (spec === undefined) throw new Error('a request is for one server at least');
    return this.trials.boot(ctx, spec, uuids);
  }

  /** As it stands, its lock held no longer than it is read. */
  async #group(uuid: string, userId: string, more: number, limits: EffectiveLimits): Promise<InstanceGroup> {
    const locked = await this.database.transaction((sql) => this.groups.locked(sql, uuid));
    if (locked === undefined) throw groupNotFound(uuid);
    requirePlaces(limits, (locked.membersOf[userId] ?? 0) + more);
    return locked.group;
  }
}
