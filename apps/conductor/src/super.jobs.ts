import type { ApiDatabase } from '@kilonova/api-db';
import type { CellRegistry, CellRelays } from '@kilonova/cells';
import type { Config } from '@kilonova/config';
import type { OutboxRelay } from '@kilonova/messaging';
import type { PlacementClient } from '@kilonova/placement-client';
import { conductorSection, sweeperSection } from './config.js';
import { CompareQuota } from './jobs/compare-quota.job.js';
import { ForgetOld } from './jobs/forget-old.job.js';
import { ServiceHeartbeat } from './jobs/heartbeat.job.js';
import { KeepRelays } from './jobs/keep-relays.job.js';
import { RecallBuilds } from './jobs/recall-builds.job.js';
import { RecastOverdue } from './jobs/recast-overdue.job.js';
import { ReleaseOrphans } from './jobs/release-orphans.job.js';
import { SettleStragglers } from './jobs/settle-stragglers.job.js';
import type { Job } from './jobs/sweeper.js';
import type { DispatchBuilds } from './service/boot/dispatch-builds.service.js';
import type { SuperStores } from './super.stores.js';

/** Between purges of old records. */
const PURGE_MS = 3_600_000;

/** What the jobs of the conductor beside the API work on. */
export interface JobParts {
  readonly api: ApiDatabase;
  readonly cells: CellRegistry;
  readonly stores: SuperStores;
  readonly placement: PlacementClient;
  readonly dispatch: DispatchBuilds;
  readonly relays: CellRelays;
  readonly outbox: OutboxRelay;
}

/** `upkeep` is needed always; `sweeping` may be switched off. */
export function superJobs(
  config: Config,
  parts: JobParts,
): { readonly upkeep: readonly Job[]; readonly sweeping: readonly Job[] } {
  const { api, cells, stores, placement } = parts;
  const { host, reportIntervalSeconds } = config.get(conductorSection);
  const sweeper = config.get(sweeperSection);
  const intervalMs = sweeper.intervalSeconds * 1000;
  const { overdueSeconds } = sweeper;
  const service = { host, binary: 'nova-conductor', topic: 'conductor', version: 1 };
  return {
    upkeep: [
      new ServiceHeartbeat(() => api.sql(), stores.services, service, reportIntervalSeconds * 1000),
      new KeepRelays(cells, parts.relays, intervalMs),
    ],
    sweeping: [
      new RecastOverdue(api, stores.boots, parts.outbox, intervalMs, overdueSeconds),
      new SettleStragglers(api, cells, stores, parts.dispatch, { intervalMs, overdueSeconds }),
      new RecallBuilds(
        api,
        cells,
        stores,
        { cells: parts.relays, api: parts.outbox },
        { intervalMs, elsewhereSeconds: sweeper.buildElsewhereSeconds },
      ),
      new ReleaseOrphans(api, cells, stores, placement, sweeper.orphanIntervalSeconds * 1000),
      new CompareQuota(api, cells, stores, sweeper.orphanIntervalSeconds * 1000),
      new ForgetOld(api, stores.records, PURGE_MS, sweeper.recordDays),
    ],
  };
}
