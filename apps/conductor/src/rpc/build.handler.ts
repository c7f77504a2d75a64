import {
  type BeginBuild as BeginBuildArgs,
  type BeginBuildResult,
  type BuildInstances,
  messages,
} from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import { Controller, Inject, UseGuards } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { BeginBuild } from '../service/build/begin-build.service.js';
import { RetryBuild } from '../service/build/retry-build.service.js';
import { AgentGuard } from './agent.guard.js';

/** Builds, from the agents of the cell. */
@Controller()
@UseGuards(AgentGuard)
export class BuildHandler {
  constructor(
    @Inject(BeginBuild) private readonly beginBuild: BeginBuild,
    @Inject(RetryBuild) private readonly retryBuild: RetryBuild,
  ) {}

  @Handles(messages.beginBuild)
  begin(@Payload() args: BeginBuildArgs): Promise<BeginBuildResult> {
    return this.beginBuild.run(args);
  }

  @Handles(messages.buildInstances)
  retry(@Payload() args: BuildInstances, @Ctx() rpc: RpcContext): Promise<void> {
    return this.retryBuild.run(rpc.delivery.ctx, args);
  }
}
