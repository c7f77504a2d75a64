import type { MessageInfo } from '@kilonova/util';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { checkMessage } from '../serve/check-message.js';
import type { RpcContext } from './rpc-context.js';

/**
 * Stands between the guards and the handler of one message: a sender that may not send it learns nothing of its
 * arguments, and no handler sees arguments that are not of their type.
 */
export class ArgumentsInterceptor implements NestInterceptor {
  constructor(private readonly message: MessageInfo) {}

  /** @throws AppError as `checkMessage`. */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const rpc = context.switchToRpc();
    checkMessage(this.message, rpc.getContext<RpcContext>().delivery.version, rpc.getData());
    return next.handle();
  }
}
