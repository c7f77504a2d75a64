import type { RpcContext } from '@kilonova/messaging';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { checkSender } from '../model/agent-sender.js';

/** Lets an agent speak for its own host alone; see `checkSender`. */
export class AgentGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const rpc = context.switchToRpc();
    checkSender(rpc.getContext<RpcContext>().delivery.sender, rpc.getData());
    return true;
  }
}
