import {
  BuildDispatchRepository,
  BuildRepository,
  ComputeNodeRepository,
  DeleteDispatchRepository,
  GroupPlacementRepository,
  ServiceRepository,
} from '@kilonova/cell-db';
import type { Config } from '@kilonova/config';
import { OutboxRelay } from '@kilonova/messaging';
import { createDataSource, ensureInitialized } from '@kilonova/sql';
import type { DataSource } from 'typeorm';
import { cellSection, conductorSection, sweeperSection } from './config.js';
import { ServiceHeartbeat } from './jobs/heartbeat.job.js';
import { RepeatLost } from './jobs/repeat-lost.job.js';
import type { Job } from './jobs/sweeper.js';
import { TimeOutBuilds } from './jobs/time-out-builds.job.js';
import type { Outside } from './outside.js';
import { BeginBuild } from './service/build/begin-build.service.js';
import { RetryBuild } from './service/build/retry-build.service.js';
import { ReportHost } from './service/host/report-host.service.js';

export interface CellParts {
  readonly sql: DataSource;
  readonly beginBuild: BeginBuild;
  readonly retryBuild: RetryBuild;
  readonly reportHost: ReportHost;
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
  const relay = new OutboxRelay({ dataSource: sql, bus, pollMs: conductor.relayPollMs, log: logger });
  const stores = { builds: new BuildRepository(), dispatches: new BuildDispatchRepository() };
  const services = new ServiceRepository();
  const service = { host: conductor.host, binary: 'nova-conductor', topic: 'conductor', version: 1 };
  const heartbeat = new ServiceHeartbeat(async () => sql, services, service, conductor.reportIntervalSeconds * 1000);
  return {
    sql,
    beginBuild: new BeginBuild(sql, stores.builds, new GroupPlacementRepository()),
    retryBuild: new RetryBuild(sql, stores, placement, { relay, notifier }),
    reportHost: new ReportHost(sql, services, new ComputeNodeRepository(), conductor.enableNewServices),
    jobs: [heartbeat, ...sweepingJobs(config, outside, sql, relay, stores)],
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

type Stores = { readonly builds: BuildRepository; readonly dispatches: BuildDispatchRepository };

function sweepingJobs(
  config: Config,
  { placement, notifier }: Outside,
  sql: DataSource,
  relay: OutboxRelay,
  stores: Stores,
): Job[] {
  const sweeper = config.get(sweeperSection);
  if (!sweeper.enabled) return [];
  const intervalMs = sweeper.intervalSeconds * 1000;
  const { lostSeconds, serviceDownTimeSeconds: serviceDownSeconds, instanceBuildTimeoutSeconds: timeoutSeconds } = sweeper;
  return [
    new TimeOutBuilds(sql, stores.builds, placement, notifier, { intervalMs, timeoutSeconds }),
    new RepeatLost(sql, stores.dispatches, new DeleteDispatchRepository(), relay, {
      intervalMs,
      lostSeconds,
      serviceDownSeconds,
    }),
  ];
}
