import { InstanceActionRepository, InstanceRepository } from '@kilonova/cell-db';
import { type ActionEvent, messages } from '@kilonova/compute-objects';
import { Handles, isControlPlane, RpcContext } from '@kilonova/messaging';
import type { Sql } from '@kilonova/sql';
import { Controller, Inject, UseGuards } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { CELL_SQL } from '../tokens.js';
import { AgentGuard } from './agent.guard.js';

/** What agents write into the history of their instances. The answer is false when the action is unknown, or not theirs. */
@Controller()
@UseGuards(AgentGuard)
export class ActionEventHandler {
  constructor(
    @Inject(CELL_SQL) private readonly sql: Sql,
    @Inject(InstanceActionRepository) private readonly actions: InstanceActionRepository,
    @Inject(InstanceRepository) private readonly instances: InstanceRepository,
  ) {}

  @Handles(messages.startActionEvent)
  async start(@Payload() event: ActionEvent, @Ctx() rpc: RpcContext): Promise<boolean> {
    return (await this.#mayWrite(event, rpc)) && this.actions.startEvent(this.sql, event);
  }

  @Handles(messages.finishActionEvent)
  async finish(@Payload() event: ActionEvent, @Ctx() rpc: RpcContext): Promise<boolean> {
    return (await this.#mayWrite(event, rpc)) && this.actions.finishEvent(this.sql, event);
  }

  async #mayWrite(event: ActionEvent, rpc: RpcContext): Promise<boolean> {
    return isControlPlane(rpc.delivery.sender) || this.instances.wasOnHost(this.sql, event.instance_uuid, event.host);
  }
}
