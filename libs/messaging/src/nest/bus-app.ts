import type { INestApplication, INestMicroservice, NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions, NestMicroservice } from '@nestjs/microservices';
import type { BusTransport } from './bus-transport.js';
import { RpcErrorFilter } from './rpc-error.filter.js';

type NestModule = Parameters<typeof NestFactory.createMicroservice>[0];

/** A process that only serves the bus. `listen()` resolves when every queue has its consumer. */
export async function createBusApp(
  module: NestModule,
  transport: BusTransport,
  options: NestApplicationOptions = {},
): Promise<INestMicroservice> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, { ...options, strategy: transport });
  app.useGlobalFilters(new RpcErrorFilter());
  return app;
}

/**
 * Serves the bus beside an HTTP application: after `app.init()`, `await app.startAllMicroservices()` starts it. The
 * HTTP side's global guards, filters and interceptors don't hold for messages; bind those for messages to what this
 * returns.
 */
export function connectBus(app: INestApplication, transport: BusTransport): INestMicroservice {
  // Deferred, because Nest reads the filters when it registers the handlers, which is otherwise right here.
  const service = app.connectMicroservice<MicroserviceOptions>(
    { strategy: transport },
    { deferInitialization: true },
  ) as NestMicroservice;
  service.useGlobalFilters(new RpcErrorFilter());
  service.setIsInitHookCalled(true); // the application runs the lifecycle hooks of the container that both share
  return service;
}
