import { hostOfAgentUser, isControlPlane, type RpcContext } from '@kilonova/messaging';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { checkSender } from '../../model/agent-sender.js';

/** Lets the control plane through, and an agent for its own host alone; see `checkSender`. */
export class AgentGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const rpc = context.switchToRpc();
    const { sender } = rpc.getContext<RpcContext>().delivery;
    if (!isControlPlane(sender)) checkSender(sender.name, hostOfAgentUser(sender.name), rpc.getData());
    return true;
  }
}
