import type { Config } from '@kilonova/config';
import {
  BusTransport,
  brokerCheck,
  controlPlaneOf,
  createBusApp,
  type MessageBus,
  type OutboxReadings,
  outboxMetrics,
} from '@kilonova/messaging';
import {
  type Closeable,
  Closings,
  createLogger,
  createMetrics,
  HealthChecks,
  type Logger,
  serveHealth,
} from '@kilonova/observability';
import type { PlacementClient } from '@kilonova/placement-client';
import { backoffMs, pause } from '@kilonova/util';
import type { DynamicModule } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { cellConductorModule } from './cell.module.js';
import { cellParts } from './cell.parts.js';
import { ConductorMetrics } from './conductor-metrics.js';
import { cellSection, conductorSection, healthSection, logSection, messagingSection } from './config.js';
import { type Job, Sweeper } from './jobs/sweeper.js';
import { type Outside, openOutside } from './outside.js';
import { superConductorModule } from './super.module.js';
import { superParts } from './super.parts.js';

/** `super`: beside the API, workflows over all cells. `cell`: inside one cell, its database on behalf of its agents. */
export type ConductorRole = 'super' | 'cell';

export interface ConductorStart {
  readonly role: ConductorRole;
  /** Loaded with `superConductorSections` or `cellConductorSections`. */
  readonly config: Config;
  readonly logger?: Logger;
  /** Placement; left out, over HTTP with this service's own session. */
  readonly placement?: PlacementClient;
}

export interface RunningConductor extends Closeable {
  readonly ready: () => boolean;
}

interface Parts {
  readonly module: DynamicModule;
  readonly jobs: readonly Job[];
  readonly outbox: OutboxReadings;
  /** Where the turns of exclusive jobs are settled. */
  readonly database: () => Promise<DataSource>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Pauses between tries to reach the database at start: a full-jitter ramp up to 10 s. */
const START_RETRY = { baseMs: 200, capMs: 10_000 };
/** How often a starting conductor looks for its database before it gives up. */
const START_ATTEMPTS = 30;
/** Beyond the wait for work under way, how long closing the message server may take, milliseconds. */
const CLOSE_MARGIN_MS = 10_000;

/**
 * Starts a conductor: waits for its database, then takes messages and sweeps.
 * @throws AppError `dependency` when the database stays away.
 */
export async function startConductor(start: ConductorStart): Promise<RunningConductor> {
  const { config, role } = start;
  const logger = start.logger ?? createLogger({ name: `conductor-${role}`, level: config.get(logSection).level });
  const closings = new Closings(logger, config.get(conductorSection).shutdownSeconds * 1000 + CLOSE_MARGIN_MS);
  try {
    const transport = await run(start, logger, closings);
    logger.info({ role }, 'the conductor takes messages');
    return { ready: () => transport.health().ready, close: () => closings.close() };
  } catch (error) {
    await closings.close();
    throw error;
  }
}

async function run({ config, role, placement }: ConductorStart, logger: Logger, closings: Closings): Promise<BusTransport> {
  const metrics = createMetrics({ service: `conductor-${role}`, process: true });
  const counts = new ConductorMetrics(metrics);
  const connection = { ...connectionOf(config, role, logger), observe: counts.observe };
  const outside = openOutside(config, connection, logger, closings, placement);
  const parts = role === 'super' ? superRole(config, outside) : cellRole(config, outside);
  closings.add('databases', () => parts.close());
  outboxMetrics(metrics, role === 'super' ? 'api' : 'cell', parts.outbox);
  await untilStarted(parts, logger);
  const transport = new BusTransport({
    ...connection,
    ...limitsOf(config),
    topic: 'conductor',
    controlPlaneUsers: controlPlaneOf(config.get(messagingSection).controlPlaneUsers, connection.cell),
  });
  const app = await createBusApp(parts.module, transport, { logger: ['error', 'warn'], abortOnError: false });
  closings.add('messages', () => app.close());
  await app.listen();
  const sweeper = new Sweeper(parts.database, parts.jobs, sweeperLog(logger, counts));
  sweeper.start();
  closings.add('sweeper', () => sweeper.stop());
  const ready = checks(transport, outside.bus, parts);
  outside.breakers.showIn(ready, metrics);
  const health = await serveHealth(config.get(healthSection), ready, metrics);
  closings.addFirst('health', () => health.close()).add('readiness', () => ready.drain());
  return transport;
}

const connectionOf = (config: Config, role: ConductorRole, logger: Logger) => {
  const { url, queueType } = config.get(messagingSection);
  const cell = role === 'super' ? 'api' : config.get(cellSection).name;
  return { url, cell, queueType, connectionName: `conductor ${role}`, log: logger };
};

const limitsOf = (config: Config) => {
  const { concurrentWork, concurrentCalls, shutdownSeconds } = config.get(conductorSection);
  return { prefetch: concurrentWork, callPrefetch: concurrentCalls, drainMs: shutdownSeconds * 1000 };
};

function superRole(config: Config, outside: Outside): Parts {
  const parts = superParts(config, outside);
  return { ...parts, module: superConductorModule(parts), database: () => parts.api.sql() };
}

function cellRole(config: Config, outside: Outside): Parts {
  const parts = cellParts(config, outside);
  return { ...parts, module: cellConductorModule(parts), database: async () => parts.sql };
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

const checks = (transport: BusTransport, bus: MessageBus, parts: Parts): HealthChecks =>
  new HealthChecks()
    .add('consumers', { run: () => ({ ok: transport.health().ready }) })
    .add('broker', { run: () => brokerCheck(bus) })
    .add('database', { run: async () => void (await (await parts.database()).query('SELECT 1')) });

const sweeperLog = (logger: Logger, counts: ConductorMetrics) => ({
  onDone: (job: string, count: number): void => {
    counts.swept(job, count);
    logger.info({ job, count }, 'the sweeper found work');
  },
  onError: (job: string, error: unknown): void => {
    counts.sweepFailed(job);
    logger.warn({ job, err: error }, 'a periodic job failed; it will be tried again');
  },
});
