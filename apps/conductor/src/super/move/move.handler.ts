import {
  messages,
  type OperationTicket,
  type SelectDestinationsResult,
  type SettleHolding as SettleHoldingArgs,
  type TryOperation as TryOperationArgs,
} from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { PlaceOperation } from './place-operation.service.js';
import { SettleHolding } from './settle-holding.service.js';
import { TryOperation } from './try-operation.service.js';

/** What cells need the API level for: hosts for operations, and the quota of servers whose flavor has changed. */
@Controller()
export class MoveHandler {
  constructor(
    private readonly placeOperation: PlaceOperation,
    private readonly settleHolding: SettleHolding,
    private readonly tryOperation: TryOperation,
  ) {}

  @Handles(messages.placeOperation)
  place(@Payload() ticket: OperationTicket, @Ctx() rpc: RpcContext): Promise<void> {
    const { ctx, attempt } = rpc.delivery;
    return this.placeOperation.run(ctx, ticket, attempt);
  }

  @Handles(messages.tryOperation)
  attempt(@Payload() args: TryOperationArgs, @Ctx() rpc: RpcContext): Promise<SelectDestinationsResult | null> {
    return this.tryOperation.run(rpc.delivery.ctx, args);
  }

  @Handles(messages.settleHolding)
  settle(@Payload() { instance_uuid }: SettleHoldingArgs): Promise<void> {
    return this.settleHolding.run(instance_uuid);
  }
}
