import { type CountCapacity as Args, type CapacityCount, messages } from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { CountCapacity } from './count-capacity.service.js';

/** `count_capacity`: how many more servers of a kind fit. */
@Controller()
export class CountCapacityHandler {
  constructor(private readonly capacity: CountCapacity) {}

  @Handles(messages.countCapacity)
  countCapacity(@Payload() args: Args, @Ctx() rpc: RpcContext): Promise<CapacityCount> {
    return this.capacity.run(rpc.delivery.ctx, args.request_spec);
  }
}
