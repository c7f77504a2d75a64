import { messages, type ScheduleAndBuildInstances } from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ScheduleAndBuild } from './schedule-and-build.service.js';

/** Boots, from the API. */
@Controller()
export class BootHandler {
  constructor(private readonly scheduleAndBuild: ScheduleAndBuild) {}

  @Handles(messages.scheduleAndBuildInstances)
  build(@Payload() args: ScheduleAndBuildInstances, @Ctx() rpc: RpcContext): Promise<void> {
    const { ctx, attempt } = rpc.delivery;
    return this.scheduleAndBuild.run(ctx, args.instance_uuids, attempt);
  }
}
