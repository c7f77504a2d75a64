import { type Config, describeConfig } from '@kilonova/config';
import { type Authenticate, createHttpApp, listen, mountApi, noAuth2, placementStyle } from '@kilonova/http';
import { createLogger, createMetrics, HealthChecks, type Logger } from '@kilonova/observability';
import { migrate, migrationsDirOf } from '@kilonova/sql';
import { PlacementModule } from './app.module.js';
import { ProjectScopedPolicy } from './auth/project-scoped.policy.js';
import { syncCatalog } from './catalog/index.js';
import * as sections from './config.js';
import { placementRoutes } from './http/routes.js';
import { MAX_VERSION, MIN_VERSION } from './http/versions.js';
import { PruneChangesJob } from './jobs/prune-changes.job.js';
import { PlacementMetrics } from './metrics.js';
import { placementRules } from './policy/index.js';
import { ProviderReadModel } from './read-model/index.js';
import { PlacementSettings } from './settings.js';
import { DataSourceDatabase } from './store/placement-database.js';

/** What placement is started with; whatever is left out is made from the configuration. */
export interface PlacementStart {
  /** Loaded with `placementSections`. */
  readonly config: Config;
  readonly logger?: Logger;
  /** Who callers are; left out, `auth.strategy` decides. */
  readonly authenticate?: Authenticate;
}

/** Placement, listening. */
export interface RunningPlacement {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts placement in this process: the schema if wanted, the standard names, the read model, then the API. Any number
 * of processes may start at once on one database.
 * @throws AppError `dependency` when the database does not answer.
 */
export async function startPlacement(start: PlacementStart): Promise<RunningPlacement> {
  const { config } = start;
  const logger = start.logger ?? createLogger({ name: 'placement', level: config.get(sections.placementLogConfig).level });
  if (config.get(sections.placementLogConfig).options) logger.debug({ options: describeConfig(config) }, 'configuration');
  const database = await openDatabase(config, logger);
  try {
    return await serve(start, database, logger);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openDatabase(config: Config, logger: Logger): Promise<DataSourceDatabase> {
  const settings = config.get(sections.placementDatabaseConfig);
  if (settings.syncOnStartup) await migrate(settings.url, migrationsDirOf(import.meta.url));
  return new DataSourceDatabase(settings, (error) => logger.warn({ err: error }, 'an idle database connection was lost'));
}

async function serve({ config, authenticate }: PlacementStart, database: DataSourceDatabase, logger: Logger): Promise<RunningPlacement> {
  await syncCatalog(database);
  const readModel = new ProviderReadModel(database);
  await readModel.fresh();
  const metrics = createMetrics({ service: 'placement' });
  const http = config.get(sections.placementHttpConfig);
  const parts = { database, readModel, settings: settingsOf(config), metrics: new PlacementMetrics(metrics, readModel), claimRetryPlan: retryPlan(config) };
  const app = await createHttpApp(PlacementModule.with(parts), { bodyLimitBytes: http.bodyLimitBytes, logger });
  const policy = policyOf(config);
  policy.watch((message) => logger.info(message));
  const jobs = new PruneChangesJob(database, logger);
  mountApi(app, {
    service: 'placement',
    routes: placementRoutes,
    style: placementStyle({ min: MIN_VERSION, max: MAX_VERSION }),
    authenticate: authenticate ?? authenticateOf(config),
    policy,
    logger,
    metrics,
    health: new HealthChecks().add('database', { run: () => database.query('SELECT 1').then(() => ({ ok: true })) }),
    trustForwarded: http.trustForwarded,
    cors: corsOf(config),
  });
  const url = await listen(app, http);
  jobs.start();
  logger.info({ url }, 'placement listens');
  return {
    url,
    close: async () => {
      jobs.stop();
      policy.close();
      await app.close();
      await database.close();
    },
  };
}

function authenticateOf(config: Config): Authenticate {
  return noAuth2();
}

function policyOf(config: Config): ProjectScopedPolicy {
  const { file, enforceNewDefaults } = config.get(sections.placementPolicyConfig);
  return new ProjectScopedPolicy({ rules: placementRules, enforceNewDefaults, file });
}

function corsOf(config: Config): { allowedOrigins: readonly string[]; allowHeaders: readonly string[] } | undefined {
  const { allowedOrigins, allowHeaders } = config.get(sections.placementCorsConfig);
  return allowedOrigins.length === 0 ? undefined : { allowedOrigins, allowHeaders };
}

function settingsOf(config: Config): PlacementSettings {
  const placement = config.get(sections.placementConfig);
  const search = {
    randomize: placement.randomizeAllocationCandidates,
    strategy: placement.allocationCandidatesGenerationStrategy,
    maxCandidates: placement.maxAllocationCandidates < 0 ? undefined : placement.maxAllocationCandidates,
  };
  return new PlacementSettings(search, {
    projectId: placement.incompleteConsumerProjectId,
    userId: placement.incompleteConsumerUserId,
  });
}

const retryPlan = (config: Config): { attempts: number; baseMs: number; capMs: number } => ({
  attempts: config.get(sections.placementConfig).allocationConflictRetryCount + 1,
  baseMs: 5,
  capMs: 200,
});
