import { type Config, describeConfig, healthSection, logSection } from '@kilonova/config';
import { type Authenticate, type CorsOptions, createHttpApp, listen, mountApi, placementStyle } from '@kilonova/http';
import { createLogger, createMetrics, HealthChecks, type Logger, serveHealth } from '@kilonova/observability';
import { migrate, migrationsDirOf } from '@kilonova/sql';
import { placementModule } from './app.module.js';
import { openAuthentication } from './auth/open-authentication.js';
import { ProjectScopedPolicy } from './auth/project-scoped.policy.js';
import { syncCatalog } from './catalog/index.js';
import * as sections from './config.js';
import { openApiRoutes } from './http/openapi/index.js';
import { placementRoutes } from './http/routes.js';
import { MAX_VERSION, MIN_VERSION } from './http/versions.js';
import { PruneChangesJob } from './jobs/prune-changes.job.js';
import { PlacementMetrics } from './metrics.js';
import { placementRules } from './policy/index.js';
import { ProviderReadModel } from './read-model/index.js';
import { PlacementSettings } from './settings.js';
import { ClaimTurns } from './store/claim-turns.js';
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

type Closing = () => unknown;

/**
 * Starts placement in this process: the schema if wanted, the standard names, the read model, then the API. Any number
 * of processes may start at once on one database.
 * @throws AppError `dependency` when the database does not answer.
 */
export async function startPlacement(start: PlacementStart): Promise<RunningPlacement> {
  const logger = start.logger ?? createLogger({ name: 'placement', level: start.config.get(logSection).level });
  if (start.config.get(sections.placementConfig).logOptions)
    logger.debug({ options: describeConfig(start.config) }, 'configuration');
  const closings: Closing[] = [];
  const close = async (): Promise<void> => {
    for (const closing of closings.splice(0).reverse()) await closing();
  };
  try {
    const database = await openDatabase(start.config, logger, closings);
    return { url: await serve(start, database, logger, closings), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The database with its schema and standard names, ready to be read. */
async function openDatabase(config: Config, logger: Logger, closings: Closing[]): Promise<DataSourceDatabase> {
  const settings = config.get(sections.placementDatabaseConfig);
  if (settings.syncOnStartup) await migrate(settings.url, migrationsDirOf(import.meta.url));
  const retries = config.get(sections.placementConfig).allocationConflictRetryCount;
  const database = new DataSourceDatabase({ ...settings, retries }, (error) =>
    logger.warn({ err: error }, 'an idle database connection was lost'),
  );
  closings.push(() => database.close());
  await syncCatalog(database);
  return database;
}

/** Claims on one provider, and of all claims those that wait: more than the clients of a large cloud have under way. */
const CLAIMS_PER_PROVIDER = 3;
const WAITING_CLAIMS = 10_000;

function claimTurns(config: Config): ClaimTurns {
  const { claimsAtOnce: atOnce, statementTimeoutSeconds } = config.get(sections.placementDatabaseConfig);
  return new ClaimTurns({
    atOnce,
    perProvider: CLAIMS_PER_PROVIDER,
    waitMs: statementTimeoutSeconds * 1000,
    line: WAITING_CLAIMS,
  });
}

async function serve(start: PlacementStart, database: DataSourceDatabase, logger: Logger, closings: Closing[]): Promise<string> {
  const { config } = start;
  const http = config.get(sections.placementHttpConfig);
  const metrics = createMetrics({ service: 'placement', process: config.get(healthSection).port !== 0 });
  const checks = new HealthChecks().add('database', { run: () => database.query('SELECT 1').then(() => ({ ok: true })) });
  const readModel = new ProviderReadModel(database);
  await readModel.fresh();
  const parts = {
    database,
    readModel,
    settings: PlacementSettings.from(config),
    metrics: new PlacementMetrics(metrics, readModel),
    turns: claimTurns(config),
  };
  const app = await createHttpApp(placementModule(parts), {
    bodyLimitBytes: http.bodyLimitBytes,
    idleTimeoutMs: http.idleTimeoutSeconds * 1000,
    logger,
  });
  const health = await serveHealth(config.get(healthSection), checks, metrics);
  closings.push(() => health.close());
  closings.push(() => app.close());
  mountApi(app, {
    service: 'placement',
    routes: placementRoutes,
    rootRoutes: openApiRoutes,
    style: placementStyle({ min: MIN_VERSION, max: MAX_VERSION }),
    authenticate: authenticateOf(start, closings),
    policy: policyOf(config, logger, closings),
    logger,
    metrics,
    health: checks,
    trustForwarded: http.trustForwarded,
    cors: corsOf(config),
  });
  const url = await listen(app, http);
  const pruning = new PruneChangesJob(database, logger);
  pruning.start();
  closings.push(() => pruning.stop());
  logger.info({ url }, 'placement listens');
  return url;
}

function authenticateOf({ config, authenticate }: PlacementStart, closings: Closing[]): Authenticate {
  if (authenticate !== undefined) return authenticate;
  const opened = openAuthentication(config);
  closings.push(() => opened.close());
  return opened.authenticate;
}

function policyOf(config: Config, logger: Logger, closings: Closing[]): ProjectScopedPolicy {
  const { file, enforceNewDefaults } = config.get(sections.placementPolicyConfig);
  const policy = new ProjectScopedPolicy({ rules: placementRules, enforceNewDefaults, file });
  policy.watch((message) => logger.info(message));
  closings.push(() => policy.close());
  return policy;
}

function corsOf(config: Config): CorsOptions | undefined {
  const { allowedOrigins, allowHeaders } = config.get(sections.placementCorsConfig);
  return allowedOrigins.length === 0 ? undefined : { allowedOrigins, allowHeaders };
}
