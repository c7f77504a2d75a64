import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { precompile } from '../schema/validator.js';
import type { ApiOptions } from './api-options.js';
import { Exchange } from './exchange.js';
import { indexRoutes, type UrlRoutes } from './route-index.js';

/** Mounts an API's route table on a Fastify instance (Nest's: `app.getHttpAdapter().getInstance()`). */
export function mountApi(fastify: FastifyInstance, options: ApiOptions): void {
  for (const row of options.routes) {
    for (const { schema } of [...(row.body ?? []), ...(row.query ?? [])]) precompile(schema);
  }
  const urls = indexRoutes(options.routes);
  const handle = (url: UrlRoutes | undefined) => (request: FastifyRequest, reply: FastifyReply) =>
    new Exchange(options, request, url).run(reply).then(() => reply);

  const mount = (scope: FastifyInstance, url: UrlRoutes): void => {
    for (const prefix of options.prefixes ?? ['']) scope.all(`${prefix}${url.path}`, handle(url));
  };
  for (const url of urls.filter((candidate) => !candidate.hasRawBody)) mount(fastify, url);
  void fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, ready) => ready(null, payload));
    for (const url of urls.filter((candidate) => candidate.hasRawBody)) mount(scope, url);
    done();
  });
  fastify.setNotFoundHandler(handle(undefined));
  if (options.cors !== undefined) answerPreflights(fastify, options);
}

/** CORS preflights are answered ahead of authentication. */
function answerPreflights(fastify: FastifyInstance, { cors }: ApiOptions): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    const wants = request.headers['access-control-request-method'];
    if (request.method !== 'OPTIONS' || origin === undefined || wants === undefined) return;
    if (cors?.allowedOrigins.includes(origin) === true) {
      void reply.headers({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': wants,
        'access-control-allow-headers': cors.allowHeaders.join(','),
        vary: 'Origin',
      });
    }
    await reply.code(200).send();
  });
}
