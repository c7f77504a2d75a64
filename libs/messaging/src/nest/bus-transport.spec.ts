import 'reflect-metadata';
import { eventually } from '@kilonova/testing';
import { conflict, systemCtx } from '@kilonova/util';
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
import type { MessageBus } from '../port/message-bus.js';
import { connectBus, createBusApp } from './bus-app.js';
import { BusTransport } from './bus-transport.js';
import { OnCall, OnCast } from './message-decorators.js';
import { RpcContext } from './rpc-context.js';

const target = { topic: 'compute', host: 'host1' } as const;
const seen: string[] = [];

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

@Controller()
class Handlers {
  @MessagePattern('add')
  @UseInterceptors(Doubling)
  async add(@Payload() args: { a: number; b: number }): Promise<number> {
    return args.a + args.b;
  }

  @OnCall('who')
  who(@Payload() _args: unknown, @Ctx() rpc: RpcContext): unknown {
    return of([rpc.method, rpc.delivery.target, rpc.delivery.kind]);
  }

  @MessagePattern('fail')
  async fail(): Promise<never> {
    throw conflict('compute.busy', 'Busy.');
  }

  @MessagePattern('guarded')
  @UseGuards(AdminOnly)
  async guarded(): Promise<string> {
    return 'in';
  }

  @OnCast('build')
  async build(@Payload() args: { id: number }, @Ctx() rpc: RpcContext): Promise<void> {
    seen.push(`${rpc.delivery.kind} ${args.id}`);
  }
}

@Module({ controllers: [Handlers], providers: [AdminOnly, Doubling] })
class AgentModule {}

const transportOf = (): BusTransport =>
  new BusTransport({ url: 'memory://nest', cell: 'cell1', topic: 'compute', hosts: ['host1'], prefetch: 4 });

describe('BusTransport', () => {
  let bus: MessageBus;
  beforeEach(() => {
    bus = createMessageBus({ url: 'memory://nest', cell: 'cell1' });
    seen.length = 0;
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
      expect(await bus.call(systemCtx(), target, 'add', { a: 1, b: 2 })).toBe(6);
      expect(await bus.call(systemCtx(), target, 'who', {})).toEqual(['who', target, 'call']);
    });

    it('passes the error of a handler on whole', async () => {
      await expect(bus.call(systemCtx(), target, 'fail', {})).rejects.toMatchObject({
        kind: 'conflict',
        code: 'compute.busy',
        message: 'Busy.',
      });
    });

    it('answers forbidden where a guard says no', async () => {
      const nobody = { ...systemCtx(), principal: { userId: 'u', roles: [], isAdmin: false } };
      await expect(bus.call(nobody, target, 'guarded', {})).rejects.toMatchObject({
        kind: 'forbidden',
        code: 'messaging.call.refused',
      });
      expect(await bus.call(systemCtx(), target, 'guarded', {})).toBe('in');
    });

    it('takes casts and fanouts by event pattern', async () => {
      await bus.cast(systemCtx(), target, 'build', { id: 1 });
      await eventually(() => seen.length === 1);
      await bus.fanout(systemCtx(), 'compute', 'build', { id: 2 });
      await eventually(() => seen.length === 2);
      expect(seen).toEqual(['cast 1', 'fanout 2']);
    });

    it('answers not-implemented for an unknown method, and for a call of an event', async () => {
      await expect(bus.call(systemCtx(), target, 'nope', {})).rejects.toMatchObject({
        kind: 'not-implemented',
        code: 'messaging.method.unknown',
      });
      await expect(bus.call(systemCtx(), target, 'build', {})).rejects.toMatchObject({ code: 'messaging.method.unknown' });
    });

    it('lists its methods and is ready', () => {
      expect(transport.methods()).toEqual({ calls: ['add', 'who', 'fail', 'guarded'], casts: ['build'] });
      expect(transport.health().ready).toBe(true);
    });
  });

  it('serves beside an HTTP application, errors whole too', async () => {
    const app = await NestFactory.create(AgentModule, new FastifyAdapter(), { logger: false });
    connectBus(app, transportOf());
    await app.init();
    await app.startAllMicroservices();
    try {
      expect(await bus.call(systemCtx(), target, 'add', { a: 1, b: 1 })).toBe(4);
      await expect(bus.call(systemCtx(), target, 'fail', {})).rejects.toMatchObject({ code: 'compute.busy' });
    } finally {
      await app.close();
    }
  });
});
