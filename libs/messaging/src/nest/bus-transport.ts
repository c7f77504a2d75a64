import { AppError, type MessageInfo } from '@kilonova/util';
import { type CustomTransportStrategy, type MessageHandler, RpcException, Server } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { createBusServer } from '../bus/create-bus-server.js';
import type { Delivery } from '../port/delivery.js';
import type { BusServer, BusServerOptions, ServerHealth } from '../port/server-options.js';
import { unknownMethod } from '../wire/bus-errors.js';
import { messageOf } from './handles.js';
import { RpcContext } from './rpc-context.js';

/**
 * Serves the methods that are declared with `@Handles`, from one broker or several. Use it through `createBusApp` or
 * `connectBus`. (Nest's own `@MessagePattern` and `@EventPattern` work too, unchecked.)
 */
export class BusTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol.for('kilonova.bus');
  override readonly propagatesEventHandlerErrors = true;
  readonly #calls = new Map<string, MessageHandler>();
  readonly #casts = new Map<string, MessageHandler[]>();
  readonly #messages: MessageInfo[] = [];
  readonly #servers: readonly BusServer[];

  constructor(options: BusServerOptions | readonly BusServerOptions[]) {
    super();
    const all: readonly BusServerOptions[] = 'url' in options ? [options] : options;
    this.#servers = all.map((one) => createBusServer(one, (method, args, delivery) => this.#handle(method, args, delivery)));
  }

  /** @throws AppError `bug`, code `messaging.handler.duplicate`, for a second handler of a message. */
  override addHandler(
    pattern: unknown,
    handler: MessageHandler,
    isEventHandler = false,
    extras: Record<string, unknown> = {},
  ): void {
    const method = this.normalizePattern(pattern as string);
    const message = messageOf(extras);
    if (message !== undefined) {
      if (this.#messages.some(({ name }) => name === message.name)) throw secondHandler(message);
      this.#messages.push(message);
    }
    if (isEventHandler) this.#casts.set(method, [...(this.#casts.get(method) ?? []), handler]);
    else this.#calls.set(method, handler);
  }

  listen(callback: (error?: unknown) => void): void {
    Promise.all(this.#servers.map((server) => server.start())).then(() => callback(), callback);
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.close()));
  }

  /** Summed over the brokers; `ready` only when every queue has its consumer. */
  health(): ServerHealth {
    const parts = this.#servers.map((server) => server.health());
    const sum = (pick: (health: ServerHealth) => number): number => parts.reduce((total, part) => total + pick(part), 0);
    return {
      ready: parts.every((part) => part.ready),
      expected: sum((part) => part.expected),
      active: sum((part) => part.active),
    };
  }

  /** The methods served, for documentation and for tests that count them. */
  methods(): { readonly calls: readonly string[]; readonly casts: readonly string[] } {
    return { calls: [...this.#calls.keys()], casts: [...this.#casts.keys()] };
  }

  /** The messages that handlers were declared with. */
  messages(): readonly MessageInfo[] {
    return this.#messages;
  }

  override on(): never {
    throw new Error('The bus has no events of its own; watch health() instead.');
  }

  override unwrap<T>(): T {
    return this.#servers as T;
  }

  async #handle(method: string, args: unknown, delivery: Delivery): Promise<unknown> {
    const handlers = this.#handlersOf(method, delivery.kind);
    const context = new RpcContext([delivery, method]);
    const results = await Promise.all(handlers.map((handler) => this.#run(handler, args, context)));
    return results[0];
  }

  #handlersOf(method: string, kind: Delivery['kind']): readonly MessageHandler[] {
    const call = this.#calls.get(method);
    const asCall = call === undefined ? [] : [call];
    const handlers = kind === 'call' ? asCall : (this.#casts.get(method) ?? asCall);
    if (handlers.length === 0) throw unknownMethod(method);
    return handlers;
  }

  async #run(handler: MessageHandler, args: unknown, context: RpcContext): Promise<unknown> {
    try {
      const result$ = this.transformToObservable(await handler(args, context));
      return await lastValueFrom(result$, { defaultValue: null });
    } catch (error) {
      throw fromNest(error);
    }
  }
}

const secondHandler = ({ name }: MessageInfo): AppError =>
  new AppError({ kind: 'bug', code: 'messaging.handler.duplicate', message: `There are two handlers of ${name}.` });

/** A guard that says no throws Nest's own error; a bare object is what Nest made of an error when the filter is missing. */
function fromNest(error: unknown): unknown {
  if (error instanceof RpcException) {
    return new AppError({ kind: 'forbidden', code: 'messaging.call.refused', message: error.message, cause: error });
  }
  if (error instanceof Error) return error;
  return new AppError({
    kind: 'bug',
    code: 'messaging.filter.missing',
    message: 'The handler failed, and Nest hid the error: bind RpcErrorFilter (see createBusApp).',
  });
}
