import { type Config, healthSection, logSection } from '@kilonova/config';
import { type Authenticate, createHttpApp, listen, mountApi, novaStyle, Turns } from '@kilonova/http';
import { keystoneSection, tokenAuthentication } from '@kilonova/identity-client';
import { apiLevelChecks } from '@kilonova/manage';
import {
  type Closeable,
  createLogger,
  createMetrics,
  HealthChecks,
  type Logger,
  passStartChecks,
  serveHealth,
} from '@kilonova/observability';
import { Policy } from '@kilonova/policy';
import { type ComputeApiValues, computeApiSection, computeHttpSection, computePolicySection } from './compute-api.config.js';
import { ComputeApiModule } from './compute-api.module.js';
import { computeRoutes } from './compute-routes.js';
import { computeRules } from './compute-rules.js';
import { type Connected, connectParts, type Substitutes } from './connect-parts.js';
import { openApiRoutes } from './openapi/index.js';
import { versionRoutes } from './version/version.routes.js';
import { EXTENSIONS, MAX_VERSION, MIN_VERSION } from './version/version-span.js';

/** The Compute API, listening. */
export interface RunningComputeApi extends Closeable {
  /** Root URL; clients use `${url}/v2.1`. */
  readonly url: string;
}

/** What a composition or a test may put in the place of the real thing. */
export interface ComputeApiExtras extends Substitutes {
  /** Who callers are; left out, the identity service is asked. */
  readonly authenticate?: Authenticate;
  /** Who may do what; left out, the published rules with the operator's file. */
  readonly policy?: Policy;
}

/**
 * Starts the Compute API in this process. It listens whatever is away: databases, broker, cells and other services are connected
 * when they are first needed, and requests that need one that is away are answered with 503.
 * @param config loaded with `computeApiConfig`
 * @throws StartRefused where what it stands on could never serve it
 */
export async function startComputeApi(
  config: Config,
  logger: Logger = loggerOf(config),
  extras: ComputeApiExtras = {},
): Promise<RunningComputeApi> {
  const metrics = createMetrics({ service: 'compute', process: config.get(healthSection).port !== 0 });
  const connected = connectParts(config, logger, metrics, extras);
  const { database: api, cells, placement } = connected.parts;
  await passStartChecks(logger, apiLevelChecks({ api, cells, placement })).catch(async (refused) => {
    await connected.close();
    throw refused;
  });
  const http = config.get(computeHttpSection);
  const policy = extras.policy ?? new Policy({ rules: computeRules, ...config.get(computePolicySection) });
  const checks = healthOf(connected);
  connected.breakers.showIn(checks, metrics);
  const app = await createHttpApp(ComputeApiModule.with(connected.parts), {
    bodyLimitBytes: http.bodyLimitBytes,
    idleTimeoutMs: http.idleTimeoutSeconds * 1000,
    logger,
  });
  mountApi(app, {
    service: 'compute',
    style: novaStyle({
      min: MIN_VERSION,
      max: MAX_VERSION,
      extensions: EXTENSIONS,
      authUri: config.get(keystoneSection).authUrl,
    }),
    prefixes: [
      { path: '/v2.1', projectSegment: true },
      { path: '/v2', projectSegment: true, compat: true },
    ],
    routes: computeRoutes,
    rootRoutes: [...versionRoutes, ...openApiRoutes],
    authenticate: extras.authenticate ?? tokenAuthentication(connected.identity.validator),
    policy,
    adminRule: 'context_is_admin',
    tokenScopes: ['project'],
    logger,
    metrics,
    health: checks,
    trustForwarded: http.trustForwarded,
    requestTimeoutMs: http.requestDeadlineSeconds * 1000,
    turns: turnsOf(config.get(computeApiSection)),
  });
  policy.watch((message) => logger.info(message));
  connected.start();
  const health = await serveHealth(config.get(healthSection), checks, metrics);
  const url = await listen(app, http);
  logger.info({ url }, 'the Compute API listens');
  return {
    url,
    close: async () => {
      policy.close();
      await app.close();
      await connected.close();
      await health.close();
    },
  };
}

const turnsOf = ({ requestsPerProject, changesPerProject, listsPerProject }: ComputeApiValues): Turns =>
  new Turns({ requests: requestsPerProject, changes: changesPerProject, dear: listsPerProject });

const loggerOf = (config: Config): Logger => createLogger({ name: 'compute-api', level: config.get(logSection).level });

/**
 * Ready: the API database answers. Without the broker messages wait in the outbox; that is told, and no reason to turn clients away. One that
 * is short of memory or disk would only be given more by them.
 */
const healthOf = ({ parts, bus }: Connected): HealthChecks =>
  new HealthChecks()
    .add('database', { run: async () => void (await parts.database.ping()) })
    .add('broker', { run: () => ({ ok: bus.health().ready }), readiness: false })
    .add('broker_alarm', { run: () => ({ ok: !bus.health().blocked }) });
