import { type Authenticate, createHttpApp, imageStyle, listen, mountApi, Turns } from '@kilonova/http';
import { connectIdentity, type KeystoneConfig, tokenAuthentication } from '@kilonova/identity-client';
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
import { policies } from './http/policies.js';
import { routes } from './http/routes.js';
import type { ImageConfig } from './image.config.js';
import { ImageModule } from './image.module.js';
import { BlobStore } from './store/blob.store.js';
import { ImageStore } from './store/image.store.js';
import { Uploads } from './store/uploads.js';

/** Longest JSON body, bytes; uploads have a limit of their own. */
const BODY_LIMIT = 1_048_576;

export interface RunningImage {
  readonly url: string;
  close(): Promise<void>;
}

/** Requests of one project that are answered at once; uploads and downloads have limits of their own. */
const TURNS = { requests: 8, changes: 8, dear: 2 };

/** What a composition may bring along; each has a default. */
export interface ImageExtras {
  /** Another way to tell who calls than the identity service. */
  readonly authenticate?: Authenticate;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  /** Where metrics are given out; left out: nowhere. */
  readonly healthEndpoint?: HealthEndpoint;
}

/** Starts the image companion; resolves when it listens. @throws Error for a state folder that can't be used */
export async function startImage(
  config: { readonly image: ImageConfig; readonly keystone: KeystoneConfig },
  extras: ImageExtras = {},
): Promise<RunningImage> {
  const { image } = config;
  const store = await ImageStore.open(image.stateDir, image.maxImagesPerProject);
  const blobs = await BlobStore.open(image.stateDir, (id) => (store.find(id)?.size ?? null) !== null);
  const uploads = new Uploads(image, (owner) => store.useOf(owner).bytes);
  const identity = connectIdentity(config.keystone);
  const logger = extras.logger ?? createLogger({ name: 'image', level: 'info' });
  const app = await createHttpApp(ImageModule.with(store, blobs, uploads), {
    bodyLimitBytes: BODY_LIMIT,
    idleTimeoutMs: image.idleTimeoutSeconds * 1000,
    logger,
    longRequests: true,
  });
  const metrics = extras.metrics ?? createMetrics({ service: 'image', process: extras.healthEndpoint !== undefined });
  const checks = new HealthChecks();
  mountApi(app, {
    service: 'image',
    routes,
    style: imageStyle(),
    authenticate: extras.authenticate ?? tokenAuthentication(identity.validator),
    policy: new Policy({ rules: policies, enforceNewDefaults: true }),
    adminRule: 'context_is_admin',
    tokenScopes: ['project'],
    logger,
    metrics,
    health: checks,
    turns: new Turns(TURNS),
  });
  const health = await serveHealth(extras.healthEndpoint ?? { host: '', port: 0 }, checks, metrics);
  const closings = new Closings(logger)
    .add('health', () => health.close())
    .add('identity', () => identity.close())
    .add('http', () => app.close());
  return { url: await listen(app, image), close: () => closings.close() };
}
