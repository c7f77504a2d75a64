import { messages, type StepTicket } from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import { Controller, Inject, UseGuards } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { RescheduleBuild } from '../service/operation/reschedule-build.service.js';
import { ControlPlaneGuard } from './control-plane.guard.js';

/** What a cell's conductors tell each other of builds. */
@Controller()
@UseGuards(ControlPlaneGuard)
export class RescheduleHandler {
  constructor(@Inject(RescheduleBuild) private readonly rescheduleBuild: RescheduleBuild) {}

  @Handles(messages.rescheduleBuild)
  reschedule(@Payload() ticket: StepTicket, @Ctx() rpc: RpcContext): Promise<void> {
    return this.rescheduleBuild.run(rpc.delivery.ctx, ticket);
  }
}
