import { InstanceArchive, InstanceRepository } from '@kilonova/cell-db';
import type { Rpc } from '@kilonova/compute-objects';
import { OnCall } from '@kilonova/messaging';
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

  @OnCall('update_instance')
  update(@Payload() args: Rpc['update_instance']['args']): Promise<Rpc['update_instance']['result']> {
    return this.updateInstance.run(args);
  }

  @OnCall('destroy_instance')
  async destroy(@Payload() args: Rpc['destroy_instance']['args']): Promise<Rpc['destroy_instance']['result']> {
    const moved = await this.archive.move(this.sql, args.instance_uuid, args.host);
    if (moved !== undefined) return { instance: moved };
    const archived = await this.archive.find(this.sql, args.instance_uuid);
    return { instance: archived?.host === args.host ? archived : null };
  }

  @OnCall('get_instance')
  async get(@Payload() args: Rpc['get_instance']['args']): Promise<Rpc['get_instance']['result']> {
    const instance = await this.instances.find(this.sql, args.instance_uuid);
    return instance?.host === args.host ? instance : null;
  }

  @OnCall('instances_on_host')
  onHost(@Payload() args: Rpc['instances_on_host']['args']): Promise<Rpc['instances_on_host']['result']> {
    return this.instances.onHost(this.sql, args.host);
  }
}
