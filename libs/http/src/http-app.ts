import type { Server } from 'node:http';
import type { Health, Metrics } from '@kilonova/observability';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, fastify } from 'fastify';

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** Longest body, bytes. */
  readonly bodyLimit: number;
}

/** Idle connections are kept longer than clients keep theirs (Python's keep them 75 s and more), else they meet a closed one. */
const KEEP_ALIVE_MS = 85_000;

/** Nest's adapter, but errors and unknown URLs are left to the route table. */
class TableAdapter extends FastifyAdapter {
  override setNotFoundHandler(): ReturnType<FastifyAdapter['setNotFoundHandler']> {
    return undefined as unknown as ReturnType<FastifyAdapter['setNotFoundHandler']>;
  }

  override setErrorHandler(): ReturnType<FastifyAdapter['setErrorHandler']> {
    return undefined as unknown as ReturnType<FastifyAdapter['setErrorHandler']>;
  }
}

function createFastify(options: HttpOptions): FastifyInstance {
  const instance = fastify({
    bodyLimit: options.bodyLimit,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: 300_000,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 4096, ignoreTrailingSlash: false },
    logger: false,
  });
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  return instance as unknown as FastifyInstance;
}

/** An HTTP application of Nest on Fastify; the caller mounts its API, then calls `listen`. */
export async function createHttpApp(module: Parameters<typeof NestFactory.create>[0], options: HttpOptions): Promise<NestFastifyApplication> {
  const instance = createFastify(options);
  const app = await NestFactory.create<NestFastifyApplication>(module, new TableAdapter(instance as never), {
    bodyParser: false,
    logger: ['error', 'warn'],
    abortOnError: false,
  });
  const server = instance.server as Server;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = KEEP_ALIVE_MS + 5_000;
  return app;
}

export const fastifyOf = (app: NestFastifyApplication): FastifyInstance => app.getHttpAdapter().getInstance() as unknown as FastifyInstance;

/** `/healthcheck`, `/livez`, `/readyz`, `/metrics`: without token, and without touching what they don't have to. */
export function mountHealth(instance: FastifyInstance, health: Health, metrics: Metrics): void {
  const plain = (accept: string | undefined): boolean => accept?.includes('application/json') !== true;
  instance.get('/healthcheck', (request, reply) => {
    if (plain(request.headers.accept)) return reply.type('text/plain; charset=UTF-8').send('OK');
    return reply.type('application/json').send(JSON.stringify({ detailed: false, reasons: ['OK'] }));
  });
  instance.get('/livez', (_request, reply) => reply.type('text/plain').send('OK'));
  instance.get('/readyz', async (_request, reply) => {
    const report = await health.report();
    return reply.code(report.ready ? 200 : 503).type('application/json').send(JSON.stringify(report));
  });
  instance.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics.expose();
    return reply.type(contentType).send(text);
  });
}

/** Starts listening. @returns the URL, with the port that was really taken. */
export async function listen(app: NestFastifyApplication, options: Pick<HttpOptions, 'host' | 'port'>): Promise<string> {
  await app.listen(options.port, options.host);
  const address = app.getHttpServer().address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return `http://${options.host}:${port}`;
}
