import { Config } from '@kilonova/config';
import { type BusObserver, createMessageBus, MessageBus, RpcErrorFilter } from '@kilonova/messaging';
import { Breakers, HealthChecks, type Logger, Metrics } from '@kilonova/observability';
import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { ServiceBus } from './service-definition.js';
import { BUS_OBSERVER, LOGGER } from './tokens.js';

export interface ServiceContext {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly observe: BusObserver;
  readonly bus: ServiceBus;
}

/** What every service has, for all of its modules: configuration, log, metrics, health, breakers, and its bus. */
@Global()
@Module({})
export class ServiceModule implements OnApplicationShutdown {
  static of({ config, logger, metrics, observe, bus }: ServiceContext): DynamicModule {
    const providers = [
      { provide: Config, useValue: config },
      { provide: LOGGER, useValue: logger },
      { provide: Metrics, useValue: metrics },
      { provide: BUS_OBSERVER, useValue: observe },
      { provide: HealthChecks, useFactory: () => new HealthChecks() },
      { provide: Breakers, useFactory: () => new Breakers() },
      { provide: MessageBus, useFactory: () => createMessageBus({ ...bus, log: logger, observe }) },
    ];
    const filter = { provide: APP_FILTER, useClass: RpcErrorFilter };
    return { module: ServiceModule, providers: [...providers, filter], exports: providers.map(({ provide }) => provide) };
  }

  constructor(private readonly bus: MessageBus) {}

  onApplicationShutdown(): Promise<void> {
    return this.bus.close();
  }
}
