import {
  BuildRepository,
  ComputeNodeRepository,
  GroupPlacementRepository,
  OperationRepository,
  OperationSweepRepository,
  ServiceRepository,
  StepRepository,
} from '@kilonova/cell-db';
import type { Config } from '@kilonova/config';
import { OutboxRelay } from '@kilonova/messaging';
import { createDataSource, ensureInitialized } from '@kilonova/sql';
import type { DataSource } from 'typeorm';
import { cellSection, conductorSection, sweeperSection } from './config.js';
import { ServiceHeartbeat } from './jobs/heartbeat.job.js';
import { SweepOperations } from './jobs/sweep-operations.job.js';
import type { Job } from './jobs/sweeper.js';
import type { Outside } from './outside.js';
import { ReportHost } from './service/host/report-host.service.js';
import { FinishStep } from './service/operation/finish-step.service.js';
import { RescheduleBuild } from './service/operation/reschedule-build.service.js';
import { TakeStep } from './service/operation/take-step.service.js';

export interface CellParts {
  readonly sql: DataSource;
  readonly takeStep: TakeStep;
  readonly finishStep: FinishStep;
  readonly rescheduleBuild: RescheduleBuild;
  readonly steps: StepRepository;
  readonly reportHost: ReportHost;
  readonly outbox: OutboxRelay;
  readonly jobs: readonly Job[];
  start(): Promise<void>;
  close(): Promise<void>;
}

/** The conductor inside a cell, put together. Nothing of the API level is within its reach. */
export function cellParts(config: Config, outside: Outside): CellParts {
  const { bus, placement, notifier, logger } = outside;
  const { databaseUrl, poolSize, statementTimeoutSeconds } = config.get(cellSection);
  const conductor = config.get(conductorSection);
  const sql = createDataSource({
    url: databaseUrl,
    name: 'cell conductor',
    poolSize,
    statementTimeoutMs: statementTimeoutSeconds * 1000,
  });
  const relay = new OutboxRelay({ dataSource: sql, bus, level: 'cell', pollMs: conductor.relayPollMs, log: logger });
  const stores = { builds: new BuildRepository(), operations: new OperationRepository() };
  const steps = new StepRepository();
  const services = new ServiceRepository();
  const service = { host: conductor.host, binary: 'nova-conductor', topic: 'conductor', version: 1 };
  const heartbeat = new ServiceHeartbeat(async () => sql, services, service, conductor.reportIntervalSeconds * 1000);
  return {
    sql,
    steps,
    takeStep: new TakeStep(sql, steps, new GroupPlacementRepository(), relay),
    finishStep: new FinishStep(sql, steps, placement, relay),
    rescheduleBuild: new RescheduleBuild(sql, stores, placement, { relay, notifier }),
    reportHost: new ReportHost(sql, services, new ComputeNodeRepository(), {
      enableNew: conductor.enableNewServices,
      serviceDownSeconds: config.get(sweeperSection).serviceDownTimeSeconds,
    }),
    outbox: relay,
    jobs: [heartbeat, ...sweepingJobs(config, outside, sql, relay, steps)],
    start: async () => {
      await ensureInitialized(sql);
      await heartbeat.run();
      relay.start();
    },
    close: async () => {
      await relay.stop();
      if (sql.isInitialized) await sql.destroy();
    },
  };
}

function sweepingJobs(config: Config, { notifier }: Outside, sql: DataSource, relay: OutboxRelay, steps: StepRepository): Job[] {
  const sweeper = config.get(sweeperSection);
  if (!sweeper.enabled) return [];
  const times = {
    intervalMs: sweeper.intervalSeconds * 1000,
    lostSeconds: sweeper.lostSeconds,
    serviceDownSeconds: sweeper.serviceDownTimeSeconds,
    elsewhereSeconds: sweeper.buildElsewhereSeconds,
    patienceSeconds: {
      build: sweeper.instanceBuildTimeoutSeconds,
      delete: sweeper.instanceDeleteTimeoutSeconds,
      power: sweeper.powerTimeoutSeconds,
    },
  };
  return [new SweepOperations(sql, new OperationSweepRepository(), steps, { relay, notifier }, times)];
}
