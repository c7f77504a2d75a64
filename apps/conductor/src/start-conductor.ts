import type { Config } from '@kilonova/config';
import { connectIdentity, keystoneSection, placementTransport } from '@kilonova/identity-client';
import { BusTransport, createBusApp, createMessageBus } from '@kilonova/messaging';
import { createEmitter, InstanceNotifier, notificationsSection } from '@kilonova/notifications';
import { type Closeable, createLogger, HealthChecks, type Logger } from '@kilonova/observability';
import { PlacementClient } from '@kilonova/placement-client';
import { backoffMs, pause } from '@kilonova/util';
import type { DynamicModule } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { CellConductorModule } from './cell.module.js';
import { cellParts } from './cell.parts.js';
import { cellSection, conductorSection, healthSection, logSection, messagingSection, placementSection } from './config.js';
import { serveHealth } from './health-server.js';
import { type Job, Sweeper } from './jobs/sweeper.js';
import { BootNotifier } from './service/boot/boot-notifier.js';
import { PlacementAdapter } from './service/placement.adapter.js';
import type { ConductorPlacement } from './service/placement.port.js';
import { SuperConductorModule } from './super.module.js';
import { type Outside, superParts } from './super.parts.js';

/** `super`: beside the API, workflows over all cells. `cell`: inside one cell, its database on behalf of its agents. */
export type ConductorRole = 'super' | 'cell';

export interface ConductorStart {
  readonly role: ConductorRole;
  /** Loaded with `superConductorSections` or `cellConductorSections`. */
  readonly config: Config;
  readonly logger?: Logger;
  /** Placement; left out, over HTTP with this service's own session. */
  readonly placement?: ConductorPlacement;
}

export interface RunningConductor extends Closeable {
  readonly ready: () => boolean;
}

interface Parts {
  readonly module: DynamicModule;
  readonly jobs: readonly Job[];
  /** Where the turns of exclusive jobs are settled. */
  readonly database: () => Promise<DataSource>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Pauses between tries to reach the database at start: a full-jitter ramp up to 10 s. */
const START_RETRY = { baseMs: 200, capMs: 10_000 };
/** How long a starting conductor waits for its database before it gives up, tries. */
const START_ATTEMPTS = 30;

/**
 * Starts a conductor: waits for its database, then takes messages and sweeps.
 * @throws AppError `dependency` when the database stays away.
 */
export async function startConductor(start: ConductorStart): Promise<RunningConductor> {
  const { config, role } = start;
  const logger = start.logger ?? createLogger({ name: `conductor-${role}`, level: config.get(logSection).level });
  const conductor = config.get(conductorSection);
  const messaging = config.get(messagingSection);
  const cell = role === 'super' ? 'api' : config.get(cellSection).name;
  const connection = { url: messaging.url, cell, queueType: messaging.queueType, connectionName: `conductor ${role}`, log: logger };
  const outside = openOutside(start, connection, logger);
  const parts = role === 'super' ? superRole(config, outside.parts) : cellRole(config, outside.parts);
  const sweeper = new Sweeper(parts.database, parts.jobs, sweeperLog(logger));
  const drainMs = conductor.shutdownSeconds * 1000;
  const transport = new BusTransport({ ...connection, topic: 'conductor', prefetch: conductor.concurrentWork, callPrefetch: conductor.concurrentCalls, drainMs });
  const app = await createBusApp(parts.module, transport, { logger: ['error', 'warn'], abortOnError: false });
  const closings = [parts.close, outside.close];
  const closeAll = async (): Promise<void> => {
    for (const closing of closings) await closing();
  };
  try {
    await untilStarted(parts, logger);
    const health = await openHealth(config, transport, parts);
    closings.unshift(health.close);
    await app.listen();
    sweeper.start();
    closings.unshift(() => sweeper.stop(), () => app.close());
  } catch (error) {
    await closeAll();
    throw error;
  }
  logger.info({ role, cell }, 'the conductor takes messages');
  return { ready: () => transport.health().ready, close: closeAll };
}

function superRole(config: Config, outside: Outside): Parts {
  const parts = superParts(config, outside);
  return { ...parts, module: SuperConductorModule.of(parts), database: () => parts.api.open() };
}

function cellRole(config: Config, outside: Outside): Parts {
  const parts = cellParts(config, outside);
  return { ...parts, module: CellConductorModule.of(parts), database: async () => parts.sql };
}

/** Bus, placement and notifications: what a conductor speaks to beside its databases. */
function openOutside({ config, placement: given }: ConductorStart, connection: Parameters<typeof createMessageBus>[0], logger: Logger) {
  const { host } = config.get(conductorSection);
  const notifications = config.get(notificationsSection);
  const bus = createMessageBus(connection);
  const emitter = createEmitter(bus, notifications, (error, eventType) => logger.warn({ err: error, eventType }, 'a notification was not sent'));
  const notifier = new BootNotifier(emitter, new InstanceNotifier(emitter, { service: 'conductor', host }, notifications.imageUrl), host);
  const http = given === undefined ? openPlacement(config) : undefined;
  const placement = given ?? (http as ReturnType<typeof openPlacement>).placement;
  const close = async (): Promise<void> => void (await Promise.all([bus.close(), http?.close()]));
  return { parts: { bus, placement, notifier, logger }, close };
}

function openPlacement(config: Config) {
  const identity = connectIdentity(config.get(keystoneSection));
  const client = new PlacementClient(placementTransport(identity.session, config.get(placementSection).url));
  return { placement: new PlacementAdapter(client), close: async (): Promise<void> => void (await Promise.all([client.close(), identity.close()])) };
}

async function untilStarted(parts: Parts, logger: Logger): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await parts.start();
    } catch (error) {
      if (attempt >= START_ATTEMPTS) throw error;
      logger.warn({ err: error, attempt }, 'the conductor waits for its database');
      await pause(backoffMs(START_RETRY, attempt));
    }
  }
}

async function openHealth(config: Config, transport: BusTransport, parts: Parts): Promise<{ close(): Promise<void> }> {
  const { host, port } = config.get(healthSection);
  if (port === undefined) return { close: async () => undefined };
  const checks = new HealthChecks()
    .add('messages', { run: () => ({ ok: transport.health().ready }) })
    .add('database', { run: async () => void (await (await parts.database()).query('SELECT 1')) });
  return serveHealth(checks, host, port);
}

const sweeperLog = (logger: Logger) => ({
  onDone: (job: string, count: number): void => logger.info({ job, count }, 'the sweeper found work'),
  onError: (job: string, error: unknown): void => logger.warn({ job, err: error }, 'a periodic job failed; it will be tried again'),
});
