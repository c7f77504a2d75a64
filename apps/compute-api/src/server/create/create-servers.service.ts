import { randomUUID } from 'node:crypto';
import type { Ctx, Principal } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ApiOutbox } from '../../common/api-outbox.service.js';
import { ServerGroupNotifier } from '../../server-group/server-group.notifier.js';
import { BootDevices, type PreparedDevices } from '../block-device/boot-devices.service.js';
import { randomPassword } from '../core/model/secrets.js';
import { AcceptServers, type PlannedServers } from './accept-servers.service.js';
import { type CreateOrder, PlanServers } from './plan-servers.service.js';

export interface CreatedServers {
  readonly uuids: readonly string[];
  readonly reservationId: string;
  readonly adminPassword: string;
  readonly diskConfig: 'AUTO' | 'MANUAL';
  readonly securityGroups: readonly string[];
}

/** Servers that are asked for: what they need is gathered and checked, their disks are made ready, then they are accepted. */
@Injectable()
export class CreateServers {
  constructor(
    private readonly plan: PlanServers,
    private readonly outbox: ApiOutbox,
    private readonly devices: BootDevices,
    private readonly acceptServers: AcceptServers,
    private readonly groups: ServerGroupNotifier,
  ) {}

  /** @throws AppError 400 for what does not fit together, 403 over quota, 503 when a service that is needed is away. */
  async run(ctx: Ctx, principal: Principal, order: CreateOrder): Promise<CreatedServers> {
    const { blueprint, counts, limits, disks } = await this.plan.run(ctx, principal, order);
    const adminPassword = order.request.adminPassword ?? randomPassword();
    const uuids = Array.from({ length: counts.maxCount }, () => randomUUID() as string);
    const prepared = await this.devices.prepare(ctx, order.requester, disks, uuids);
    const planned: PlannedServers = { blueprint, counts, limits, uuids, prepared, adminPassword };
    const { instances, group, cast } = await this.acceptServers.run(ctx, planned).catch(async (error: unknown) => {
      await this.devices.giveBack(ctx, prepared);
      throw error;
    });
    await this.devices.giveBack(ctx, without(prepared, instances));
    if (group !== null)
      await this.groups.joined(
        ctx,
        group,
        instances.map(({ uuid }) => uuid),
      );
    if (cast === undefined) this.outbox.wake();
    else this.outbox.send(cast);
    const [first] = instances;
    return {
      uuids: instances.map(({ uuid }) => uuid),
      reservationId: blueprint.reservationId,
      adminPassword,
      diskConfig: first?.auto_disk_config === true ? 'AUTO' : 'MANUAL',
      securityGroups: order.request.securityGroups,
    };
  }
}

/** What was prepared for servers that there was no room for. */
const without = (prepared: PreparedDevices, instances: ReadonlyArray<{ readonly uuid: string }>): PreparedDevices => {
  const stored = new Set(instances.map(({ uuid }) => uuid));
  return new Map([...prepared].filter(([uuid]) => !stored.has(uuid)));
};
