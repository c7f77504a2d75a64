import { messages, type StepTicket } from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import { Controller, UseGuards } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ControlPlaneGuard } from '../guard/control-plane.guard.js';
import { RescheduleBuild } from './reschedule-build.service.js';

/** What a cell's conductors tell each other of builds. */
@Controller()
@UseGuards(ControlPlaneGuard)
export class RescheduleHandler {
  constructor(private readonly rescheduleBuild: RescheduleBuild) {}

  @Handles(messages.rescheduleBuild)
  reschedule(@Payload() ticket: StepTicket, @Ctx() rpc: RpcContext): Promise<void> {
    return this.rescheduleBuild.run(rpc.delivery.ctx, ticket);
  }
}
