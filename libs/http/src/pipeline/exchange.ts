import { logFields } from '@kilonova/observability';
import { AppError, type Ctx, invalid, newRequestId, nextTraceparent, type Principal } from '@kilonova/util';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiReply, ApiRequest, PolicyTarget } from '../request.js';
import type { Route } from '../route.js';
import type { Negotiated } from '../style/index.js';
import type { ApiOptions } from './api-options.js';
import { type ExchangeSite, PROJECT_SEGMENT } from './exchange-site.js';
import { checkBody, checkQuery, methodNotAllowed, notFoundHere, parseBody, pickRow } from './parse-request.js';
import type { UrlRoutes } from './route-index.js';

const NOBODY: Principal = { userId: '', roles: [], isAdmin: false };

const DEFAULT_TIMEOUT_MS = 60_000;

const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

/** One request on its way through the pipeline: token → version → route → headers → policy → schema → controller. */
export class Exchange {
  readonly #ctx: Ctx;
  #principal: Principal | undefined;
  #negotiated: Negotiated | undefined;
  private readonly options: ApiOptions;

  constructor(
    private readonly site: ExchangeSite,
    private readonly request: FastifyRequest,
    private readonly url: UrlRoutes | undefined,
  ) {
    this.options = site.options;
    this.#ctx = {
      requestId: newRequestId(),
      globalRequestId: one(request.headers['x-openstack-request-id']),
      traceparent: nextTraceparent(one(request.headers['traceparent'])),
      deadline: Date.now() + (site.options.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS),
    };
  }

  /** Runs the request to its answer; whatever is thrown becomes an error body. */
  async run(reply: FastifyReply): Promise<void> {
    const startedAt = process.hrtime.bigint();
    const answer = await this.#answer();
    this.#send(reply, answer);
    this.#record(answer.status, Number(process.hrtime.bigint() - startedAt) / 1e9);
  }

  async #answer(): Promise<ApiReply> {
    try {
      return await this.#handle();
    } catch (error) {
      return this.#failed(AppError.from(error));
    }
  }

  async #handle(): Promise<ApiReply> {
    const { style } = this.options;
    if (this.url?.isPublic !== true) await this.#authenticate();
    this.#negotiated = this.site.prefix?.compat === true ? { version: style.minVersion } : style.negotiate(this.request.headers);
    this.#checkProject();
    const rows = this.#rows();
    const raw = this.request.body as Buffer | undefined;
    const isRaw = rows.some((row) => row.rawBody === true);
    style.checkHeaders?.({ method: this.request.method, headers: this.request.headers, hasBody: !isRaw && (raw?.length ?? 0) > 0 });
    const actions = rows.some((row) => row.action !== undefined);
    const early = actions ? parseBody(raw, style) : undefined;
    const row = pickRow(rows, early);
    if (row.policy !== undefined && row.public !== true) this.#enforce(row.policy);
    const body = isRaw ? raw : actions ? early : parseBody(raw, style);
    const apiRequest = this.#apiRequest(row, body ?? null);
    checkQuery(row, apiRequest.version, apiRequest.query, style);
    if (!isRaw) checkBody(row, apiRequest.version, body ?? undefined, style);
    const controller = this.site.resolve(row.controller) as Record<string, (request: ApiRequest) => Promise<ApiReply>>;
    return (controller[row.handler] as (request: ApiRequest) => Promise<ApiReply>).call(controller, apiRequest);
  }

  async #authenticate(): Promise<void> {
    this.#principal = await this.options.authenticate(this.request.headers, this.#ctx);
    if (this.#principal === undefined) {
      throw new AppError({ kind: 'unauthenticated', code: 'request.unauthenticated', message: 'The request you have made requires authentication.' });
    }
  }

  /** A project id in the URL has to be the token's. */
  #checkProject(): void {
    const asked = (this.request.params as Record<string, string>)[PROJECT_SEGMENT];
    if (asked === undefined || asked === this.#principal?.projectId) return;
    throw invalid('request.project.mismatch', 'Malformed request URL: URL\'s project_id does not match Context\'s project_id');
  }

  #rows(): readonly Route[] {
    if (this.url === undefined) throw notFoundHere();
    const rows = this.url.rows(this.request.method, (this.#negotiated as Negotiated).version);
    if (rows === undefined) throw methodNotAllowed(this.url.methods);
    if (rows.length === 0) throw notFoundHere();
    return rows;
  }

  #enforce(rule: string): void {
    if (this.#allows(rule)) return;
    throw new AppError({ kind: 'forbidden', code: 'request.forbidden', message: `Policy doesn't allow ${rule} to be performed.` });
  }

  /** Without a target the caller's own project is meant, as for lists and creations. */
  #allows(rule: string, target?: PolicyTarget): boolean {
    const principal = this.#principal ?? NOBODY;
    const own = { project_id: principal.projectId, user_id: principal.userId };
    return this.options.policy.allows(rule, principal, (target ?? own) as Record<string, string | null | undefined>);
  }

  #apiRequest(row: Route, body: unknown): ApiRequest {
    const { version, extension } = this.#negotiated as Negotiated;
    const address = new URL(this.request.url, 'http://api');
    return {
      ctx: { ...this.#ctx, principal: this.#principal },
      principal: this.#principal ?? NOBODY,
      method: this.request.method,
      path: row.path,
      params: this.request.params as Record<string, string>,
      query: address.searchParams,
      body,
      version,
      extension,
      headers: this.request.headers,
      url: `${address.pathname}${address.search}`,
      baseUrl: this.#baseUrl(),
      allows: (rule, target) => this.#allows(rule, target),
    };
  }

  #baseUrl(): string {
    const { headers } = this.request;
    const trusted = this.options.trustForwarded === true;
    const protocol = (trusted ? one(headers['x-forwarded-proto']) : undefined) ?? 'http';
    const host = (trusted ? one(headers['x-forwarded-host']) : undefined) ?? headers.host ?? 'localhost';
    return `${protocol}://${host}`;
  }

  #failed(error: AppError): ApiReply {
    const { logger, style } = this.options;
    if (error.kind === 'bug') logger.error({ ...logFields(this.#ctx), err: error.cause ?? error, url: this.request.url }, 'a request failed unexpectedly');
    else if (error.kind === 'dependency') logger.warn({ ...logFields(this.#ctx), err: error }, 'a service that is needed does not answer');
    return style.error(error, {
      requestId: this.#ctx.requestId,
      version: this.#negotiated?.version,
      headers: this.request.headers,
      method: this.request.method,
      routed: this.url !== undefined,
    });
  }

  #send(reply: FastifyReply, answer: ApiReply): void {
    const { style } = this.options;
    reply.code(answer.status).headers(style.requestIdHeaders(this.#ctx.requestId));
    if (this.#negotiated !== undefined) reply.headers(style.versionHeaders(this.#negotiated));
    reply.headers(this.#corsHeaders());
    if (answer.headers !== undefined) reply.headers(answer.headers);
    if (answer.body === undefined) return void reply.send();
    if (typeof answer.body === 'string' || Buffer.isBuffer(answer.body) || isStream(answer.body)) return void reply.send(answer.body);
    if (answer.headers?.['content-type'] === undefined) reply.header('content-type', style.contentType);
    reply.send(Buffer.from(JSON.stringify(answer.body)));
  }

  #corsHeaders(): Record<string, string> {
    const origin = one(this.request.headers.origin);
    const { cors } = this.options;
    if (cors === undefined || origin === undefined || !cors.allowedOrigins.includes(origin)) return {};
    return { 'access-control-allow-origin': origin, vary: 'Origin' };
  }

  #record(status: number, seconds: number): void {
    const route = this.url?.path ?? 'none';
    this.site.observe(this.request.method, route, status, seconds);
    const { logger } = this.options;
    if (!logger.isLevelEnabled('info')) return;
    const version = this.#negotiated?.version;
    logger.info({ request_id: this.#ctx.requestId, method: this.request.method, url: this.request.url, status, ms: Math.round(seconds * 1e5) / 100, version }, 'request');
  }
}

const isStream = (body: unknown): boolean => typeof body === 'object' && body !== null && 'pipe' in body;
