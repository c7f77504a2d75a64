import { OperationRepository } from '@kilonova/cell-db';
import { messages, operationRule, type StepTicket } from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import { Controller, UseGuards } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { ControlPlaneGuard } from '../guard/control-plane.guard.js';
import { RescheduleBuild } from './reschedule-build.service.js';
import { WindUp } from './wind-up.service.js';

/** What a cell's conductors tell each other of operations whose steps failed: a build goes elsewhere, all else is wound up. */
@Controller()
@UseGuards(ControlPlaneGuard)
export class RescheduleHandler {
  constructor(
    private readonly sql: DataSource,
    private readonly operations: OperationRepository,
    private readonly rescheduleBuild: RescheduleBuild,
    private readonly windUp: WindUp,
  ) {}

  @Handles(messages.rescheduleBuild)
  async reschedule(@Payload() ticket: StepTicket, @Ctx() rpc: RpcContext): Promise<void> {
    const operation = await this.operations.find(this.sql, ticket.instance_uuid);
    if (operation === undefined) return;
    const next = operationRule(operation.name).claim === 'build' ? this.rescheduleBuild : this.windUp;
    return next.run(rpc.delivery.ctx, ticket);
  }
}
