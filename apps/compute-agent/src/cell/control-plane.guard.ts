import { isControlPlane, type RpcContext } from '@kilonova/messaging';
import { forbidden } from '@kilonova/util';
import type { CanActivate, ExecutionContext } from '@nestjs/common';

/**
 * Agents take orders from the control plane alone: whoever got hold of one host can write to the queues of others of its
 * cell, and is refused there.
 */
export class ControlPlaneGuard implements CanActivate {
  /** @throws AppError `forbidden`, code `agent.sender.refused`. */
  canActivate(context: ExecutionContext): boolean {
    const { sender } = context.switchToRpc().getContext<RpcContext>().delivery;
    if (isControlPlane(sender)) return true;
    throw forbidden('agent.sender.refused', 'An agent takes orders from the control plane alone.', { sender: sender.name });
  }
}
