import { ApiCellMappings, ApiDatabase } from '@kilonova/api-db';
import { type CellRegistry, CellRelays, cellConnections, MappedCellRegistry } from '@kilonova/cells';
import type { Config } from '@kilonova/config';
import { OutboxRelay } from '@kilonova/messaging';
import { createDataSource } from '@kilonova/sql';
import { apiDatabaseSection, conductorSection, messagingSection, sweeperSection } from './config.js';
import type { Job } from './jobs/sweeper.js';
import type { Outside } from './outside.js';
import { BuryBoots } from './service/boot/bury-boots.service.js';
import { DispatchBuilds } from './service/boot/dispatch-builds.service.js';
import { ScheduleAndBuild } from './service/boot/schedule-and-build.service.js';
import { SchedulerClient } from './service/boot/scheduler.client.js';
import { SelectHosts } from './service/boot/select-hosts.service.js';
import { superJobs } from './super.jobs.js';
import { superStores } from './super.stores.js';

export interface SuperParts {
  readonly api: ApiDatabase;
  readonly cells: CellRegistry;
  readonly scheduleAndBuild: ScheduleAndBuild;
  readonly outbox: OutboxRelay;
  readonly jobs: readonly Job[];
  start(): Promise<void>;
  close(): Promise<void>;
}

function openApi(config: Config): ApiDatabase {
  const { url, poolSize, statementTimeoutSeconds } = config.get(apiDatabaseSection);
  return new ApiDatabase(
    createDataSource({ url, name: 'conductor', poolSize, statementTimeoutMs: statementTimeoutSeconds * 1000 }),
  );
}

function openCells(config: Config, api: ApiDatabase, { logger, observe }: Outside): CellRegistry {
  const { url, cellPoolSize, cellTimeoutSeconds, cellRefreshSeconds, statementTimeoutSeconds } = config.get(apiDatabaseSection);
  const bus = { queueType: config.get(messagingSection).queueType, log: logger, observe };
  const connections = cellConnections({
    name: 'conductor',
    poolSize: cellPoolSize,
    statementTimeoutMs: statementTimeoutSeconds * 1000,
    databaseBase: url,
    bus,
  });
  const limits = { refreshMs: cellRefreshSeconds * 1000, deadlineMs: cellTimeoutSeconds * 1000, breakerResetMs: 2_000 };
  return new MappedCellRegistry(new ApiCellMappings(() => api.sql()), connections, limits);
}

/** The conductor beside the API, put together. */
export function superParts(config: Config, outside: Outside): SuperParts {
  const { bus, placement, notifier, logger } = outside;
  const conductor = config.get(conductorSection);
  const stores = superStores();
  const api = openApi(config);
  const cells = openCells(config, api, outside);
  const relays = new CellRelays(conductor.relayPollMs, logger);
  const scheduler = new SchedulerClient(bus, conductor.schedulerTimeoutSeconds * 1000);
  const select = new SelectHosts(api, stores.members, cells, stores.placements, scheduler);
  const dispatch = new DispatchBuilds(api, cells, stores, placement, { relays, notifier });
  const bury = new BuryBoots(api, cells, stores, notifier, { host: conductor.host, now: () => new Date() });
  const scheduleAndBuild = new ScheduleAndBuild(api, cells, stores.boots, placement, {
    select,
    dispatch,
    bury,
    attempts: conductor.schedulingAttempts,
  });
  const outbox = new OutboxRelay({ dataSource: api, bus, pollMs: conductor.relayPollMs, log: logger });
  const { upkeep, sweeping } = superJobs(config, { api, cells, stores, placement, dispatch, relays, outbox });
  return {
    api,
    cells,
    scheduleAndBuild,
    outbox,
    jobs: config.get(sweeperSection).enabled ? [...upkeep, ...sweeping] : upkeep,
    start: async () => {
      for (const job of upkeep) await job.run();
      outbox.start();
    },
    close: async () => {
      await outbox.stop();
      await relays.stop();
      await cells.close();
      await api.close();
    },
  };
}
