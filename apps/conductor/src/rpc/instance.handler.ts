import { InstanceArchive, InstanceRepository } from '@kilonova/cell-db';
import {
  type DestroyInstanceResult,
  type Instance,
  type InstanceOnHost,
  type InstancesOnHost,
  messages,
  type UpdateInstance as UpdateInstanceArgs,
  type UpdateInstanceResult,
} from '@kilonova/compute-objects';
import { Handles } from '@kilonova/messaging';
import type { Sql } from '@kilonova/sql';
import { Controller, Inject, UseGuards } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { UpdateInstance } from '../service/instance/update-instance.service.js';
import { CELL_SQL } from '../tokens.js';
import { AgentGuard } from './agent.guard.js';

/** Instances, by the agents on whose hosts they are: each statement is bound to the host that the message speaks for. */
@Controller()
@UseGuards(AgentGuard)
export class InstanceHandler {
  constructor(
    @Inject(CELL_SQL) private readonly sql: Sql,
    @Inject(UpdateInstance) private readonly updateInstance: UpdateInstance,
    @Inject(InstanceRepository) private readonly instances: InstanceRepository,
    @Inject(InstanceArchive) private readonly archive: InstanceArchive,
  ) {}

  @Handles(messages.updateInstance)
  update(@Payload() args: UpdateInstanceArgs): Promise<UpdateInstanceResult> {
    return this.updateInstance.run(args);
  }

  @Handles(messages.destroyInstance)
  async destroy(@Payload() args: InstanceOnHost): Promise<DestroyInstanceResult> {
    const moved = await this.archive.move(this.sql, args.instance_uuid, args.host);
    if (moved !== undefined) return { instance: moved };
    const archived = await this.archive.find(this.sql, args.instance_uuid);
    return { instance: archived?.host === args.host ? archived : null };
  }

  @Handles(messages.getInstance)
  async get(@Payload() args: InstanceOnHost): Promise<Instance | null> {
    const instance = await this.instances.find(this.sql, args.instance_uuid);
    return instance?.host === args.host ? instance : null;
  }

  @Handles(messages.instancesOnHost)
  onHost(@Payload() args: InstancesOnHost): Promise<readonly Instance[]> {
    return this.instances.onHost(this.sql, args.host);
  }
}
