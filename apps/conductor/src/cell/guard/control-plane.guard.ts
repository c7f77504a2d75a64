import { isControlPlane, type RpcContext } from '@kilonova/messaging';
import { forbidden } from '@kilonova/util';
import type { CanActivate, ExecutionContext } from '@nestjs/common';

/** Lets the control plane through alone. */
export class ControlPlaneGuard implements CanActivate {
  /** @throws AppError `forbidden`, code `conductor.sender.refused`. */
  canActivate(context: ExecutionContext): boolean {
    const { sender } = context.switchToRpc().getContext<RpcContext>().delivery;
    if (isControlPlane(sender)) return true;
    throw forbidden('conductor.sender.refused', 'This is for the control plane alone.', { sender: sender.name });
  }
}
