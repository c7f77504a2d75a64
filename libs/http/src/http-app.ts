import type { Server } from 'node:http';
import type { Logger } from '@kilonova/observability';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { endIdleSockets } from './idle-sockets.js';

export interface HttpAppOptions {
  /** Longest body, bytes. */
  readonly bodyLimitBytes: number;
  /** A connection without a byte for so long is ended, in the middle of a request too. Default a minute; services set it. */
  readonly idleTimeoutMs?: number;
  /** Requests may take as long as bytes keep coming: for uploads. Else five minutes. */
  readonly longRequests?: boolean;
  /** Nest's own complaints go here; to standard output when left out. */
  readonly logger?: Logger;
}

/** Idle connections are kept longer than clients keep theirs (Python's keep them 75 s and more), else they meet a closed one. */
const KEEP_ALIVE_MS = 85_000;

/** Longest silence in the middle of a request or response, milliseconds. */
const IDLE_MS = 60_000;

/** Nest's adapter, but errors and unknown URLs are left to the route table. */
class TableAdapter extends FastifyAdapter {
  override setNotFoundHandler(): ReturnType<FastifyAdapter['setNotFoundHandler']> {
    return undefined as unknown as ReturnType<FastifyAdapter['setNotFoundHandler']>;
  }

  override setErrorHandler(): ReturnType<FastifyAdapter['setErrorHandler']> {
    return undefined as unknown as ReturnType<FastifyAdapter['setErrorHandler']>;
  }
}

type OnError = (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;

/** What answers the errors of an instance: set when its API is mounted, after the instance was made. */
const errorAnswers = new WeakMap<object, OnError>();

/** Has errors answered that Fastify finds before a handler runs: bodies too long, malformed URLs and headers. */
export function onFastifyError(instance: FastifyInstance, answer: OnError): void {
  errorAnswers.set(instance.server, answer);
  instance.setErrorHandler((error, request, reply) => answer(error, request, reply));
}

function createFastify(options: HttpAppOptions): FastifyInstance {
  const instance: FastifyInstance = fastify({
    bodyLimit: options.bodyLimitBytes,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: options.longRequests === true ? 0 : 300_000,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 4096, ignoreTrailingSlash: false },
    logger: false,
    // Node would answer a request without it in no style at all; the pipeline refuses it.
    http: { requireHostHeader: false },
    frameworkErrors: (error, request, reply) => {
      const plainReply = reply as unknown as FastifyReply;
      const answer = errorAnswers.get(instance.server);
      if (answer === undefined) return void plainReply.code(400).send();
      answer(error, request as unknown as FastifyRequest, plainReply);
    },
  });
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  return instance as unknown as FastifyInstance;
}

/** How often a closing server looks for connections that have become idle, milliseconds. */
const IDLE_LOOK_MS = 50;

/**
 * Fastify ends idle connections once, when closing begins. One that was just being answered then would be kept until its
 * client lets go of it; so closing goes on looking.
 */
function endConnectionsWhileClosing(instance: FastifyInstance): void {
  const server = instance.server as Server;
  instance.addHook('preClose', (done) => {
    const looking = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS);
    server.once('close', () => clearInterval(looking));
    if (!server.listening) clearInterval(looking);
    done();
  });
}

/** An HTTP application of Nest on Fastify; the caller mounts its API, then calls `listen`. */
export async function createHttpApp(
  module: Parameters<typeof NestFactory.create>[0],
  options: HttpAppOptions,
): Promise<NestFastifyApplication> {
  const instance = createFastify(options);
  const app = await NestFactory.create<NestFastifyApplication>(module, new TableAdapter(instance as never), {
    bodyParser: false,
    logger: options.logger === undefined ? ['error', 'warn'] : nestLogger(options.logger),
    abortOnError: false,
  });
  const server = instance.server as Server;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = KEEP_ALIVE_MS + 5_000;
  endIdleSockets(server, options.idleTimeoutMs ?? IDLE_MS);
  endConnectionsWhileClosing(instance);
  return app;
}

/** Nest's log on ours; its start-up chatter is left out. */
const nestLogger = (logger: Logger): LoggerService => ({
  log: () => undefined,
  error: (message: unknown) => logger.error({ nest: true }, String(message)),
  warn: (message: unknown) => logger.warn({ nest: true }, String(message)),
});

/** The Fastify instance under an application. */
export const fastifyOf = (app: NestFastifyApplication): FastifyInstance =>
  app.getHttpAdapter().getInstance() as unknown as FastifyInstance;

/** Starts listening. @returns the URL, with the port that was really taken. */
export async function listen(
  app: NestFastifyApplication,
  options: { readonly host: string; readonly port: number },
): Promise<string> {
  await app.listen(options.port, options.host);
  const address = app.getHttpServer().address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return `http://${options.host}:${port}`;
}
