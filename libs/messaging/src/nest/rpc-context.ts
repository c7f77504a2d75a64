import { BaseRpcContext } from '@nestjs/microservices';
import type { Delivery } from '../port/delivery.js';

/** The second argument of each handler: `@Ctx() rpc: RpcContext`. */
export class RpcContext extends BaseRpcContext<[Delivery, string]> {
  get delivery(): Delivery {
    return this.args[0];
  }

  get method(): string {
    return this.args[1];
  }
}
