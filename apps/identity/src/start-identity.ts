import { randomUUID } from 'node:crypto';
import { type ApiOptions, createHttpApp, identityStyle, listen, mountApi, Turns } from '@kilonova/http';
import {
  Closings,
  createLogger,
  createMetrics,
  HealthChecks,
  type HealthEndpoint,
  type Logger,
  type Metrics,
  serveHealth,
} from '@kilonova/observability';
import { Policy } from '@kilonova/policy';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { policies } from './http/policies.js';
import { headerOf, principalOf } from './http/principal.js';
import { routes } from './http/routes.js';
import type { IdentityConfig } from './identity.config.js';
import { IdentityModule, type IdentityParts } from './identity.module.js';
import { buildCatalog } from './model/catalog.js';
import { type IdentitySeed, plantSeed, userExists } from './model/seed.js';
import { Authenticate } from './service/authenticate.service.js';
import { HashPool } from './service/hashing/hash-pool.js';
import { PasswordHasher } from './service/hashing/password-hasher.js';
import { LoginThrottle } from './service/login-throttle.js';
import { PasswordLogin } from './service/password-login.service.js';
import { SaveUser } from './service/save-user.service.js';
import { TokenCodec } from './service/token-codec.js';
import { DirectoryStore } from './store/directory.store.js';
import { readSeedFile } from './store/seed-file.js';
import { loadSigningKey } from './store/signing-key.store.js';

/** Longest body, bytes. */
const BODY_LIMIT = 114_688;

export interface RunningIdentity {
  /** Root URL; `${url}/v3` is what clients call the auth URL. */
  readonly url: string;
  close(): Promise<void>;
}

/** What a composition may bring along; each has a default. */
export interface IdentityExtras {
  /** Added to what the seed file says. */
  readonly seed?: IdentitySeed;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  /** Where metrics are given out; left out: nowhere. */
  readonly healthEndpoint?: HealthEndpoint;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** Starts the identity companion; resolves when it listens. @throws Error for a state folder or seed that can't be used */
export async function startIdentity(config: IdentityConfig, extras: IdentityExtras = {}): Promise<RunningIdentity> {
  const seed = merged(extras.seed ?? {}, config.seedFile === '' ? {} : await readSeedFile(config.seedFile));
  const pool = new HashPool({ atOnce: config.passwordHashesAtOnce, waiting: config.passwordHashesWaiting });
  const parts = await assemble(config, seed, pool, extras.now ?? Date.now);
  const logger = extras.logger ?? createLogger({ name: 'identity', level: 'info' });
  const app = await createHttpApp(IdentityModule.with(parts), {
    bodyLimitBytes: BODY_LIMIT,
    idleTimeoutMs: config.idleTimeoutSeconds * 1000,
    logger,
  });
  const metrics = extras.metrics ?? createMetrics({ service: 'identity', process: extras.healthEndpoint !== undefined });
  const checks = new HealthChecks();
  mount(app, parts, { health: checks, logger, metrics, trustForwarded: config.trustForwarded });
  const health = await serveHealth(extras.healthEndpoint ?? { host: '', port: 0 }, checks, metrics);
  const closings = new Closings(logger)
    .add('health', () => health.close())
    .add('passwords', () => pool.close())
    .add('http', () => app.close());
  return { url: await listen(app, config), close: () => closings.close() };
}

async function assemble(config: IdentityConfig, seed: IdentitySeed, pool: HashPool, now: () => number): Promise<IdentityParts> {
  const store = await DirectoryStore.open(config.stateDir);
  const passwords = new PasswordHasher(pool);
  await plant(store, seed, passwords);
  const delays = { free: config.loginFailuresFree, maxDelayMs: config.loginMaxDelaySeconds * 1000 };
  const logins = new PasswordLogin(passwords, new LoginThrottle(delays, now));
  const codec = new TokenCodec(await loadSigningKey(config.stateDir));
  return {
    store,
    authenticate: new Authenticate(store, logins, codec, config.tokenLifetimeSeconds * 1000, now),
    saveUser: new SaveUser(store, passwords, logins, now),
    catalog: buildCatalog(seed.services ?? [], config.region),
  };
}

async function plant(store: DirectoryStore, seed: IdentitySeed, passwords: PasswordHasher): Promise<void> {
  const fresh = (seed.users ?? []).filter((user) => !userExists(store.current, user));
  const passwordHashes = new Map<(typeof fresh)[number], string>();
  const rest = [...fresh];
  while (rest.length > 0)
    await Promise.all(rest.splice(0, 2).map(async (user) => passwordHashes.set(user, await passwords.hash(user.password))));
  const newId = (): string => randomUUID().replaceAll('-', '');
  await store.change((directory) => ({ directory: plantSeed(directory, seed, { newId, passwordHashes }), result: undefined }));
}

const merged = (a: IdentitySeed, b: IdentitySeed): IdentitySeed => ({
  domains: [...(a.domains ?? []), ...(b.domains ?? [])],
  roles: [...(a.roles ?? []), ...(b.roles ?? [])],
  projects: [...(a.projects ?? []), ...(b.projects ?? [])],
  users: [...(a.users ?? []), ...(b.users ?? [])],
  absent_users: [...(a.absent_users ?? []), ...(b.absent_users ?? [])],
  services: [...(a.services ?? []), ...(b.services ?? [])],
});

/** Requests of one project, or one address without a token, that are answered at once: a crowd of logins lets others in between. */
const TURNS = { requests: 8, changes: 8, dear: 2 };

function mount(
  app: NestFastifyApplication,
  { authenticate }: IdentityParts,
  options: Pick<ApiOptions, 'health' | 'logger' | 'metrics' | 'trustForwarded'>,
): void {
  mountApi(app, {
    service: 'identity',
    routes,
    style: identityStyle(),
    authenticate: (headers) => {
      const token = authenticate.lookUp(headerOf(headers, 'x-auth-token'));
      return Promise.resolve(token && principalOf(token));
    },
    policy: new Policy({ rules: policies, enforceNewDefaults: true }),
    turns: new Turns(TURNS),
    ...options,
  });
}
