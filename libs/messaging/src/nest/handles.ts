import type { CallMessage, CastMessage, MessageInfo } from '@kilonova/util';
import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { ArgumentsInterceptor } from './arguments.interceptor.js';
import type { RpcContext } from './rpc-context.js';

/** A decorator of methods that fit the message; others do not compile. */
type HandlerDecorator<Args, Result> = <Handler extends (args: Args, rpc: RpcContext) => Result | Promise<Result>>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<Handler>,
) => void;

/**
 * The method handles the message: responds to a call, takes a cast and its fanouts. Its first parameter is the
 * arguments (`@Payload()`), already checked against the message's schema; its second, where it wants one, `@Ctx() rpc: RpcContext`.
 */
export function Handles<Args, Result>(message: CallMessage<Args, Result>): HandlerDecorator<Args, Result>;
export function Handles<Args>(message: CastMessage<Args>): HandlerDecorator<Args, void>;
export function Handles(message: MessageInfo): MethodDecorator {
  const extras = { message };
  const pattern = message.kind === 'call' ? MessagePattern(message.name, extras) : EventPattern<string>(message.name, extras);
  return applyDecorators(pattern, UseInterceptors(new ArgumentsInterceptor(message)));
}

/** The message in what Nest hands on beside a handler. */
export const messageOf = (extras: Readonly<Record<string, unknown>>): MessageInfo | undefined =>
  extras['message'] as MessageInfo | undefined;
