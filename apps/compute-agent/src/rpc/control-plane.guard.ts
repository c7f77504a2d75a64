import { hostOfAgentUser } from '@kilonova/compute-objects';
import type { RpcContext } from '@kilonova/messaging';
import { forbidden } from '@kilonova/util';
import type { CanActivate, ExecutionContext } from '@nestjs/common';

/**
 * Agents take orders from the control plane alone: whoever got hold of one host can write to the queues of others of its
 * cell, and is refused there.
 */
export class ControlPlaneGuard implements CanActivate {
  /** @throws AppError `forbidden`, code `agent.sender.is_agent`. */
  canActivate(context: ExecutionContext): boolean {
    const { sender } = context.switchToRpc().getContext<RpcContext>().delivery;
    if (hostOfAgentUser(sender) === undefined) return true;
    throw forbidden('agent.sender.is_agent', 'An agent takes no orders from another agent.', { sender });
  }
}
