import { forbidden } from '@kilonova/util';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { isControlPlane } from '../port/sender.js';
import type { RpcContext } from './rpc-context.js';

/** Lets the control plane through alone; a service's own guard says with which code and words others are refused. */
export abstract class ControlPlaneOnly implements CanActivate {
  protected abstract readonly code: string;
  protected abstract readonly message: string;

  /** @throws AppError `forbidden` with the code. */
  canActivate(context: ExecutionContext): boolean {
    const { sender } = context.switchToRpc().getContext<RpcContext>().delivery;
    if (isControlPlane(sender)) return true;
    throw forbidden(this.code, this.message, { sender: sender.name });
  }
}
