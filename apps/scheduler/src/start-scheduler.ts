import { ApiCellMappings } from '@kilonova/api-db';
import { cellConnections, MappedCellRegistry } from '@kilonova/cells';
import { type Config, resilienceSection } from '@kilonova/config';
import { connectIdentity, keystoneSection, placementTransport, restLimits } from '@kilonova/identity-client';
import { BusTransport, brokerCheck, busMetrics, controlPlaneOf, createBusApp, createMessageBus } from '@kilonova/messaging';
import { createEmitter, NotificationEmitter, notificationsSection } from '@kilonova/notifications';
import {
  Breakers,
  type Closeable,
  createLogger,
  createMetrics,
  HealthChecks,
  type Logger,
  serveHealth,
} from '@kilonova/observability';
import { HttpPlacementClient } from '@kilonova/placement-client';
import { createDataSource, ensureInitialized } from '@kilonova/sql';
import { Module } from '@nestjs/common';
import {
  databaseSection,
  healthSection,
  logSection,
  messagingSection,
  placementSection,
  schedulerSection,
  weighersSection,
} from './config.js';
import { FILTERS, type HostFilter } from './model/filters/index.js';
import { WEIGHERS } from './model/weighers/index.js';
import { SCHEDULER_HANDLERS } from './rpc/handlers.js';
import { type SchedulingOptions, SelectDestinations } from './service/select-destinations.service.js';
import { ServiceBeat } from './service/service-beat.js';
import { CellsWorld } from './store/cells.world.js';
import { HOST_NAME, LOGGER } from './tokens.js';

export interface RunningScheduler extends Closeable {
  readonly ready: () => boolean;
}

/** Age at which the list of cells is read again, milliseconds. */
const CELLS_AGE_MS = 5_000;

@Module({})
class SchedulerModule {}

/** The configured filters in the configured order. @throws Error naming one that does not exist. */
export function filtersNamed(names: readonly string[]): readonly HostFilter[] {
  return names.map((name) => {
    const filter = FILTERS.find((candidate) => candidate.name === name);
    if (filter === undefined)
      throw new Error(
        `scheduler.enabledFilters: there is no ${name}; there are ${FILTERS.map((known) => known.name).join(', ')}`,
      );
    return filter;
  });
}

function schedulingOptions(config: Config): SchedulingOptions {
  const scheduler = config.get(schedulerSection);
  return {
    ...scheduler,
    serviceDownTime: scheduler.serviceDownTimeSeconds,
    rules: {
      filters: filtersNamed(scheduler.enabledFilters),
      weighers: WEIGHERS,
      multipliers: config.get(weighersSection),
      hostSubsetSize: scheduler.hostSubsetSize,
      random: Math.random,
    },
  };
}

function openWorld(config: Config, logger: Logger) {
  const database = config.get(databaseSection);
  const api = createDataSource({
    url: database.url,
    name: 'scheduler',
    poolSize: database.poolSize,
    statementTimeoutMs: database.cellTimeoutSeconds * 1000,
  });
  const open = () => ensureInitialized(api);
  const connections = cellConnections({
    name: 'scheduler',
    poolSize: database.cellPoolSize,
    statementTimeoutMs: database.cellTimeoutSeconds * 1000,
    databaseBase: database.url,
  });
  const limits = { refreshMs: CELLS_AGE_MS, deadlineMs: database.cellTimeoutSeconds * 1000, breakerResetMs: 2_000 };
  const cells = new MappedCellRegistry(new ApiCellMappings(open), connections, limits);
  const world = new CellsWorld(cells, open, (cell, error) =>
    logger.warn({ cell, err: error }, 'a cell did not answer; its hosts are left out'),
  );
  return {
    world,
    close: async () => void (await Promise.allSettled([cells.close(), api.isInitialized ? api.destroy() : undefined])),
  };
}

/** Starts a scheduler: reads placement, cells and the API database, claims in placement, writes to no database. */
export async function startScheduler(config: Config, logger: Logger = schedulerLogger(config)): Promise<RunningScheduler> {
  const messaging = config.get(messagingSection);
  const scheduler = config.get(schedulerSection);
  const metrics = createMetrics({ service: 'scheduler', process: true });
  const connection = {
    url: messaging.url,
    cell: 'api',
    queueType: messaging.queueType,
    notifications: { durable: config.get(notificationsSection).durable },
    connectionName: 'scheduler',
    observe: busMetrics(metrics),
    log: logger,
  };
  const bus = createMessageBus(connection);
  const emitter = createEmitter(bus, config.get(notificationsSection), (error, eventType) =>
    logger.warn({ err: error, eventType }, 'a notification was not sent'),
  );
  const breakers = new Breakers();
  const limits = restLimits(config.get(resilienceSection), breakers.watch);
  const identity = connectIdentity(config.get(keystoneSection), limits);
  const client = new HttpPlacementClient(placementTransport(identity.session, config.get(placementSection).url, limits));
  const world = openWorld(config, logger);
  const select = new SelectDestinations(client, world.world, schedulingOptions(config));
  const transport = new BusTransport({
    ...connection,
    topic: 'scheduler',
    controlPlaneUsers: controlPlaneOf(messaging.controlPlaneUsers, connection.cell),
    prefetch: scheduler.concurrentRequests,
    callPrefetch: scheduler.concurrentRequests,
  });
  const module = {
    module: SchedulerModule,
    controllers: SCHEDULER_HANDLERS,
    providers: [
      { provide: SelectDestinations, useValue: select },
      { provide: NotificationEmitter, useValue: emitter },
      { provide: HOST_NAME, useValue: scheduler.host },
      { provide: LOGGER, useValue: logger },
    ],
  };
  const app = await createBusApp(module, transport, { logger: ['error', 'warn'], abortOnError: false });
  await app.listen();
  const beat = new ServiceBeat(bus, scheduler.host, scheduler.reportIntervalSeconds * 1000, (error) =>
    logger.debug({ err: error }, 'a heartbeat was lost'),
  );
  beat.start();
  const checks = new HealthChecks()
    .add('consumers', { run: () => ({ ok: transport.health().ready }) })
    .add('broker', { run: () => brokerCheck(bus) });
  breakers.showIn(checks, metrics);
  const health = await serveHealth(config.get(healthSection), checks, metrics);
  logger.info('the scheduler takes requests');
  return {
    ready: () => transport.health().ready,
    close: async () => {
      checks.drain();
      await beat.stop();
      await app.close();
      await Promise.all([bus.close(), client.close(), identity.close(), world.close()]);
      await health.close();
    },
  };
}

const schedulerLogger = (config: Config): Logger => createLogger({ name: 'scheduler', level: config.get(logSection).level });
