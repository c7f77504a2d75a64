import {
  messages,
  type ScheduleAndBuildInstances,
  type SelectDestinationsResult,
  type TryDestinations,
} from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ScheduleAndBuild } from './schedule-and-build.service.js';
import { SelectHosts } from './select-hosts.service.js';

/** Boots, from the API. */
@Controller()
export class BootHandler {
  constructor(
    private readonly scheduleAndBuild: ScheduleAndBuild,
    private readonly hosts: SelectHosts,
  ) {}

  @Handles(messages.scheduleAndBuildInstances)
  build(@Payload() args: ScheduleAndBuildInstances, @Ctx() rpc: RpcContext): Promise<void> {
    const { ctx, attempt } = rpc.delivery;
    return this.scheduleAndBuild.run(ctx, args.instance_uuids, attempt);
  }

  @Handles(messages.tryBoot)
  tryBoot(@Payload() args: TryDestinations, @Ctx() rpc: RpcContext): Promise<SelectDestinationsResult> {
    return this.hosts.attempt(rpc.delivery.ctx, args.request_spec, args.instance_uuids);
  }
}
