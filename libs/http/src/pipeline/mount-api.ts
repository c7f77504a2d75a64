import type { Policy } from '@kilonova/policy';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fastifyOf, onFastifyError } from '../http-app.js';
import type { Route } from '../route.js';
import type { ApiOptions, Prefix } from './api-options.js';
import { answerPreflights } from './cors.js';
import { Exchange } from './exchange.js';
import { type ExchangeSite, PROJECT_SEGMENT } from './exchange-site.js';
import { mountHealth } from './mount-health.js';
import { indexRoutes, type UrlRoutes } from './route-index.js';
import { answerParserFaults, fromFastify } from './transport-fault.js';

const PROJECT_ID = `:${PROJECT_SEGMENT}(^[a-fA-F0-9-]{32,36}$)`;

/** Mounts an API's route table on an application. @throws Error at once when a row is wrong: no such handler or policy rule, bad schema. */
export function mountApi(app: NestFastifyApplication, options: ApiOptions): void {
  const fastify = fastifyOf(app);
  const controllers = new Map<Route['controller'], unknown>();
  const resolve = (token: Route['controller']): unknown => {
    if (!controllers.has(token)) controllers.set(token, app.get(token, { strict: false }));
    return controllers.get(token);
  };
  const observe = observer(options.metrics);
  const site = (prefix?: Prefix): ExchangeSite => ({ options, prefix, resolve, observe });

  if (options.adminRule !== undefined && !options.policy.has(options.adminRule))
    throw new Error(`no policy rule ${options.adminRule}`);
  checkRows([...options.routes, ...(options.rootRoutes ?? [])], options.policy);
  if (options.cors !== undefined) answerPreflights(fastify, options.cors);
  admitFirst(fastify, site());
  if (options.health !== undefined) mountHealth(fastify, options.health);
  mountUrls(fastify, options.rootRoutes ?? [], site(), ['']);
  for (const prefix of options.prefixes ?? [{ path: '' }]) {
    const project = prefix.projectSegment === true ? [`${prefix.path}/${PROJECT_ID}`] : [];
    mountUrls(fastify, options.routes, site(prefix), [prefix.path, ...project]);
  }
  fastify.setNotFoundHandler((request, reply) => runUnrouted(site(), request, reply));
  onFastifyError(fastify, (error, request, reply) => {
    const exchange = exchanges.get(request) ?? new Exchange(site(), request, undefined);
    exchange.reject(reply, fromFastify(error));
  });
  answerParserFaults(fastify.server, options.style);
}

/**
 * Times requests by rows of the route table. What found no row, no caller or no thing is only counted: anybody can make
 * such requests, and no label may take its value from them.
 */
function observer(metrics: ApiOptions['metrics']): ExchangeSite['observe'] {
  const histogram = metrics.latency('http_request', 'How long requests took', ['method', 'route', 'status']);
  const refused = metrics.counter('http_refused_total', 'Requests that found no route, no caller or no thing', ['status']);
  return (row, status, seconds) => {
    if (row === undefined || status === 401 || status === 404) refused.inc({ status: String(status) });
    else histogram.observe({ method: row.method, route: row.path, status: String(status) }, seconds);
  };
}

function checkRows(rows: readonly Route[], policy: Policy): void {
  for (const row of rows) {
    if (row.policy !== undefined && !policy.has(row.policy))
      throw new Error(`${row.method} ${row.path}: no policy rule ${row.policy}`);
    const prototype = (row.controller as { prototype: Record<string, unknown> }).prototype;
    if (typeof prototype[row.handler] !== 'function')
      throw new Error(`${row.method} ${row.path}: ${row.controller.name} has no ${row.handler}`);
  }
}

/** Where a route of Fastify's stands in our table; routes without it (health, metrics) are not ours. */
interface Mounted {
  readonly site: ExchangeSite;
  readonly url: UrlRoutes;
}

/** Exchanges between their admission and their run. */
const exchanges = new WeakMap<FastifyRequest, Exchange>();

/** Admits each request before its body is read, so that nobody without a token can make us hold one. */
function admitFirst(fastify: FastifyInstance, unrouted: ExchangeSite): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const mounted = (request.routeOptions.config as { mounted?: Mounted } | undefined)?.mounted;
    if (mounted === undefined && !request.is404) return;
    const exchange = new Exchange(mounted?.site ?? unrouted, request, mounted?.url);
    exchanges.set(request, exchange);
    if (!(await exchange.admit(reply))) return reply;
  });
}

const run = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
  await exchanges.get(request)?.run(reply);
  return reply;
};

/** Fastify leaves its hooks out for a target that is no path (`*`): such a request is admitted here. */
async function runUnrouted(site: ExchangeSite, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (exchanges.has(request)) return run(request, reply);
  const exchange = new Exchange(site, request, undefined);
  if (await exchange.admit(reply)) await exchange.run(reply);
  return reply;
}

/** A prefix's own page stands with and without a slash at its end; no other URL does. */
const addresses = (base: string, path: string): string[] =>
  path !== '' && path !== '/' ? [`${base}${path}`] : base === '' ? ['/'] : [base, `${base}/`];

/** Mounts rows at each place; those with a raw body in a scope of their own, whose bodies stay streams. */
function mountUrls(fastify: FastifyInstance, routes: readonly Route[], site: ExchangeSite, places: readonly string[]): void {
  const urls = indexRoutes(routes);
  const mount = (scope: FastifyInstance, url: UrlRoutes): void => {
    for (const place of places.flatMap((base) => addresses(base, url.path)))
      scope.all(place, { config: { mounted: { site, url } satisfies Mounted } as object }, run);
  };
  for (const url of urls.filter((candidate) => !candidate.hasRawBody)) mount(fastify, url);
  const raw = urls.filter((candidate) => candidate.hasRawBody);
  if (raw.length === 0) return;
  void fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, ready) => ready(null, payload));
    for (const url of raw) mount(scope, url);
    done();
  });
}
