import { type Config, healthSection, logSection } from '@kilonova/config';
import { BusTransport, brokerCheck, busMetrics, MessageBus } from '@kilonova/messaging';
import {
  Breakers,
  type Closeable,
  Closings,
  createLogger,
  createMetrics,
  HealthChecks,
  type Logger,
  Metrics,
  serveHealth,
} from '@kilonova/observability';
import { type DynamicModule, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { type ServiceContext, ServiceModule } from './service.module.js';
import type { ServiceDefinition } from './service-definition.js';

export interface RunningService extends Closeable {
  /** Whether every queue has its consumer. */
  readonly ready: () => boolean;
  readonly app: INestMicroservice;
}

export interface ServiceStart {
  /** Loaded with the definition's sections. */
  readonly config: Config;
  /** Left out, one of the service's name and the level of the section `log`. */
  readonly logger?: Logger;
  /** Makes the application; a test compiles the module with other providers. */
  readonly create?: CreateApp;
}

export type CreateApp = (module: DynamicModule, transport: BusTransport) => Promise<INestMicroservice>;

/** Beyond the wait for work under way, how long the rest of a service may take to close, milliseconds. */
const CLOSE_MARGIN_MS = 10_000;
const DRAIN_MS = 30_000;

@Module({})
class RootModule {}

/** Nest's own chatter is left out; what matters is logged by the service. */
const createQuietApp: CreateApp = (module, strategy) =>
  NestFactory.createMicroservice<MicroserviceOptions>(module, { strategy, logger: ['error', 'warn'], abortOnError: false });

export const serviceLogger = (name: string, config: Config): Logger =>
  createLogger({ name, level: config.get(logSection).level });

/** A service's root module, with all that its configuration decides; `startService` makes an application of it. */
export function composeService(
  definition: ServiceDefinition,
  { config, logger = serviceLogger(definition.name, config) }: ServiceStart,
): { readonly module: DynamicModule; readonly context: ServiceContext } {
  const metrics = createMetrics({ service: definition.name, process: true });
  const context = { config, logger, metrics, observe: busMetrics(metrics), bus: definition.bus(config) };
  return { module: { module: RootModule, imports: [ServiceModule.of(context), definition.module] }, context };
}

/**
 * Starts a service: its modules come up with the hooks `onModuleInit` and `onApplicationBootstrap`, then it takes
 * messages. It ends in this order: not ready → no further messages, those under way waited for → `onModuleDestroy`
 * (other work under way) → `beforeApplicationShutdown` (periodic work) → `onApplicationShutdown` (connections) → health.
 * @throws what a hook threw; all that was opened is closed again.
 */
export async function startService(definition: ServiceDefinition, start: ServiceStart): Promise<RunningService> {
  const { config, create = createQuietApp } = start;
  const { module, context } = composeService(definition, start);
  const { logger, bus, observe } = context;
  const transport = new BusTransport({ ...bus, log: logger, observe });
  const closings = new Closings(logger, (bus.drainMs ?? DRAIN_MS) * 2 + CLOSE_MARGIN_MS);
  try {
    const app = await create(module, transport);
    closings.add('application', () => app.close());
    const health = await listen(app, transport, config);
    closings.addFirst('health', () => health.close()).add('readiness', () => app.get(HealthChecks).drain());
    logger.info('the service takes messages');
    return { app, ready: () => transport.health().ready, close: () => closings.close() };
  } catch (error) {
    await closings.close();
    throw error;
  }
}

async function listen(app: INestMicroservice, transport: BusTransport, config: Config): Promise<Closeable> {
  await app.listen();
  const [bus, metrics] = [app.get(MessageBus), app.get(Metrics)];
  const checks = app
    .get(HealthChecks)
    .add('consumers', { run: () => ({ ok: transport.health().ready }) })
    .add('broker', { run: () => brokerCheck(bus) });
  app.get(Breakers).showIn(checks, metrics);
  return serveHealth(config.get(healthSection), checks, metrics);
}
