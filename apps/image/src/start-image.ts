import { type Authenticate, createHttpApp, fastifyOf, imageStyle, listen, mountApi } from '@kilonova/http';
import { connectIdentity, type KeystoneConfig, tokenAuthentication } from '@kilonova/identity-client';
import { createLogger, createMetrics, HealthChecks, type Logger, type Metrics } from '@kilonova/observability';
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

/** What a composition may bring along; each has a default. */
export interface ImageExtras {
  /** Another way to tell who calls than the identity service. */
  readonly authenticate?: Authenticate;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
}

/** Starts the image companion; resolves when it listens. @throws Error for a state folder that can't be used */
export async function startImage(
  config: { readonly image: ImageConfig; readonly keystone: KeystoneConfig },
  extras: ImageExtras = {},
): Promise<RunningImage> {
  const { image } = config;
  const store = await ImageStore.open(image.stateFolder, image.maxImagesPerProject);
  const blobs = await BlobStore.open(image.stateFolder, (id) => (store.find(id)?.size ?? null) !== null);
  const uploads = new Uploads(image, (owner) => store.useOf(owner).bytes);
  const identity = connectIdentity(config.keystone);
  const logger = extras.logger ?? createLogger({ name: 'image', level: image.logLevel });
  const app = await createHttpApp(ImageModule.with(store, blobs, uploads), { bodyLimitBytes: BODY_LIMIT, logger });
  // An upload takes as long as it takes; a silent client is ended by the socket's own limits.
  fastifyOf(app).server.requestTimeout = 0;
  mountApi(app, {
    service: 'image',
    routes,
    style: imageStyle(),
    authenticate: extras.authenticate ?? tokenAuthentication(identity.validator),
    policy: new Policy({ rules: policies, enforceNewDefaults: true }),
    adminRule: 'context_is_admin',
    tokenScopes: ['project'],
    logger,
    metrics: extras.metrics ?? createMetrics({ service: 'image' }),
    health: new HealthChecks(),
  });
  const url = await listen(app, image);
  return { url, close: () => app.close().then(() => identity.close()) };
}
