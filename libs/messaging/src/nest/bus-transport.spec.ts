import { anyCall, anyCast } from '../spec-support/any-message.js';
import 'reflect-metadata';
import { eventually } from '@kilonova/testing';
import { callMessage, castMessage, conflict, resultOf, schema, systemCtx } from '@kilonova/util';
import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  Module,
  type NestInterceptor,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { map, type Observable, of } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMessageBus } from '../bus/create-message-bus.js';
import { openDeadLetters } from '../dead-letters/open-dead-letters.js';
import type { BusEvent } from '../port/bus-observer.js';
import type { MessageBus } from '../port/message-bus.js';
import { quietLog } from '../spec-support/quiet-log.js';
import { connectBus, createBusApp } from './bus-app.js';
import { BusTransport } from './bus-transport.js';
import { Handles } from './handles.js';
import { RpcContext } from './rpc-context.js';

const target = { topic: 'compute', host: 'host1' } as const;
const seen: string[] = [];
const events: BusEvent[] = [];

@Injectable()
class AdminOnly implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToRpc().getContext<RpcContext>().delivery.ctx.principal?.isAdmin === true;
  }
}

@Injectable()
class Doubling implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((value: number) => value * 2));
  }
}

const { integer, object } = schema;
const noArgs = object<Record<never, never>>({});
const at = { topic: 'compute', level: 'cell', version: '1.1' } as const;
const add = callMessage({
  ...at,
  name: 'add',
  args: object<{ a: number; b: number }>({ a: integer(), b: integer() }),
  result: resultOf<number>(),
});
const who = callMessage({ ...at, name: 'who', args: noArgs, result: resultOf<unknown[]>() });
const fail = callMessage({ ...at, name: 'fail', args: noArgs, result: resultOf<never>() });
const guarded = callMessage({
  ...at,
  name: 'guarded',
  args: object<{ n: number }>({ n: integer() }),
  result: resultOf<string>(),
});
const build = castMessage({ ...at, name: 'build', args: object<{ id: number }>({ id: integer() }) });

@Controller()
class Handlers {
  @Handles(add)
  @UseInterceptors(Doubling)
  async add(@Payload() args: { a: number; b: number }): Promise<number> {
    seen.push('add');
    return args.a + args.b;
  }

  @Handles(who)
  async who(@Payload() _args: unknown, @Ctx() rpc: RpcContext): Promise<unknown[]> {
    return [rpc.method, rpc.delivery.target, rpc.delivery.kind];
  }

  @Handles(fail)
  async fail(): Promise<never> {
    throw conflict('compute.busy', 'Busy.');
  }

  @Handles(guarded)
  @UseGuards(AdminOnly)
  async guarded(@Payload() _args: { n: number }): Promise<string> {
    return 'in';
  }

  @Handles(build)
  async build(@Payload() args: { id: number }, @Ctx() rpc: RpcContext): Promise<void> {
    seen.push(`${rpc.delivery.kind} ${args.id}`);
  }

  @MessagePattern('unchecked')
  unchecked(): unknown {
    return of('answered');
  }
}

@Module({ controllers: [Handlers], providers: [AdminOnly, Doubling] })
class AgentModule {}

const transportOf = (): BusTransport =>
  new BusTransport({
    url: 'memory://nest',
    cell: 'cell1',
    topic: 'compute',
    hosts: ['host1'],
    prefetch: 4,
    observe: (event) => events.push(event),
    log: quietLog,
  });

describe('BusTransport', () => {
  let bus: MessageBus;
  beforeEach(() => {
    bus = createMessageBus({ url: 'memory://nest', cell: 'cell1' });
    seen.length = 0;
    events.length = 0;
  });
  afterEach(() => bus.close());

  describe('as an application of its own', () => {
    let close: () => Promise<void>;
    let transport: BusTransport;
    beforeEach(async () => {
      transport = transportOf();
      const app = await createBusApp(AgentModule, transport, { logger: false });
      await app.listen();
      close = () => app.close();
    });
    afterEach(() => close());

    it('runs handlers with arguments, interceptors and context', async () => {
      expect(await bus.call(systemCtx(), add, target, { a: 1, b: 2 })).toBe(6);
      expect(await bus.call(systemCtx(), who, target, {})).toEqual(['who', target, 'call']);
    });

    it('passes the error of a handler on whole', async () => {
      await expect(bus.call(systemCtx(), fail, target, {})).rejects.toMatchObject({
        kind: 'conflict',
        code: 'compute.busy',
        message: 'Busy.',
      });
    });

    it('answers forbidden where a guard says no', async () => {
      const nobody = { ...systemCtx(), principal: { userId: 'u', roles: [], isAdmin: false } };
      await expect(bus.call(nobody, guarded, target, { n: 1 })).rejects.toMatchObject({
        kind: 'forbidden',
        code: 'messaging.call.refused',
      });
      expect(await bus.call(systemCtx(), guarded, target, { n: 1 })).toBe('in');
    });

    it('takes casts and fanouts by event pattern', async () => {
      await bus.cast(systemCtx(), build, target, { id: 1 });
      await eventually(() => seen.length === 1);
      await bus.fanout(systemCtx(), build, { id: 2 });
      await eventually(() => seen.length === 2);
      expect(seen).toEqual(['cast 1', 'fanout 2']);
    });

    it('answers not-implemented for an unknown method, and for a call of an event', async () => {
      await expect(bus.call(systemCtx(), anyCall('nope'), target, {})).rejects.toMatchObject({
        kind: 'not-implemented',
        code: 'messaging.method.unknown',
      });
      await expect(bus.call(systemCtx(), anyCall('build'), target, {})).rejects.toMatchObject({
        code: 'messaging.method.unknown',
      });
    });

    it('takes what Nest has decorators of its own for', async () => {
      expect(await bus.call(systemCtx(), anyCall('unchecked'), target, {})).toBe('answered');
    });

    it('refuses arguments that do not fit before the handler runs, naming where and not what', async () => {
      const args = { a: 1, b: 'secret' } as unknown as { a: number; b: number };
      const refused = await bus.call(systemCtx(), add, target, args).catch((error: unknown) => error);
      expect(refused).toMatchObject({
        kind: 'invalid-input',
        code: 'messaging.arguments.invalid',
        retry: 'never',
        details: { method: 'add', paths: [{ path: '/b', fault: 'must be integer' }] },
      });
      expect(JSON.stringify([refused, String(refused)])).not.toContain('secret');
      expect(seen).toEqual([]);
      expect(events).toContainEqual({ type: 'refused', kind: 'call', code: 'messaging.arguments.invalid' });
    });

    it('tells a sender that may not send nothing of the arguments', async () => {
      const nobody = { ...systemCtx(), principal: { userId: 'u', roles: [], isAdmin: false } };
      await expect(bus.call(nobody, guarded, target, {} as { n: number })).rejects.toMatchObject({
        code: 'messaging.call.refused',
      });
    });

    it('buries a cast with arguments that do not fit at its first attempt', async () => {
      const letters = openDeadLetters({ url: 'memory://nest', cell: 'cell1' });
      await bus.cast(systemCtx(), build, target, { id: 'x' } as unknown as { id: number });
      await eventually(async () => (await letters.list('compute')).length === 1);
      expect(await letters.list('compute')).toMatchObject([{ attempt: 1, reason: { code: 'messaging.arguments.invalid' } }]);
      expect(seen).toEqual([]);
      await letters.close();
    });

    it.each(['1.0', '1.1', '1.9'] as const)(
      'understands version %s of the same major, and members it does not know',
      async (version) => {
        const args = { a: 1, b: 2, later: true };
        expect(await bus.call(systemCtx(), { ...add, version }, target, args)).toBe(6);
      },
    );

    it.each(['0.9', '2.0'] as const)('refuses version %s of another major', async (version) => {
      await expect(bus.call(systemCtx(), { ...add, version }, target, { a: 1, b: 2 })).rejects.toMatchObject({
        kind: 'unsupported-version',
        code: 'messaging.version.unsupported',
        details: { version, known: '1.1' },
      });
      expect(seen).toEqual([]);
    });

    it('does not take a second handler of a message', () => {
      expect(() => transport.addHandler('add', async () => of(1), false, { message: add })).toThrow(
        expect.objectContaining({ code: 'messaging.handler.duplicate' }),
      );
    });

    it('lists its methods and is ready', () => {
      expect(transport.methods()).toEqual({ calls: ['add', 'who', 'fail', 'guarded', 'unchecked'], casts: ['build'] });
      expect(transport.messages()).toEqual([add, who, fail, guarded, build]);
      expect(transport.health().ready).toBe(true);
    });
  });

  it('serves beside an HTTP application, errors whole too', async () => {
    const app = await NestFactory.create(AgentModule, new FastifyAdapter(), { logger: false });
    connectBus(app, transportOf());
    await app.init();
    await app.startAllMicroservices();
    try {
      expect(await bus.call(systemCtx(), add, target, { a: 1, b: 1 })).toBe(4);
      await expect(bus.call(systemCtx(), fail, target, {})).rejects.toMatchObject({ code: 'compute.busy' });
    } finally {
      await app.close();
    }
  });
});
