import { logFields } from '@kilonova/observability';
import { AppError, type Ctx, forbidden, newRequestId, nextTraceparent, type Principal } from '@kilonova/util';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Negotiated } from '../microversion.js';
import type { ApiReply, ApiRequest, PolicyTarget } from '../request.js';
import type { Route } from '../route.js';
import { baseUrlOf, clientAddressOf, globalRequestId, loggableTarget, one, queryOf } from './address.js';
import {
  authenticated,
  callerTarget,
  checkHeaders,
  checkProject,
  checkScope,
  requireHost,
  requireParams,
  rowsFor,
} from './admission.js';
import { corsHeaders } from './cors.js';
import type { ExchangeSite } from './exchange-site.js';
import { checkBody, checkQuery, parseBody, pickRow } from './parse-request.js';
import type { UrlRoutes } from './route-index.js';
import { drain, isLittle, isUnread, leavable } from './unread-body.js';
import { checkTarget } from './well-formed.js';

const NOBODY: Principal = { userId: '', roles: [], isAdmin: false };

const DEFAULT_TIMEOUT_MS = 60_000;

/** One request on its way through the pipeline: token → version → route → headers → policy → schema → controller. */
export class Exchange {
  readonly #startedAt = performance.now();
  readonly #ctx: Ctx;
  #principal: Principal | undefined;
  #negotiated: Negotiated | undefined;
  #rows: readonly Route[] = [];
  /** Rules that the caller had to pass. */
  readonly #asked = new Set<string>();

  constructor(
    private readonly site: ExchangeSite,
    private readonly request: FastifyRequest,
    private readonly url: UrlRoutes | undefined,
  ) {
    this.#ctx = {
      requestId: newRequestId(),
      globalRequestId: globalRequestId(request.headers),
      traceparent: nextTraceparent(one(request.headers['traceparent'])),
      deadline: Date.now() + (site.options.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS),
    };
  }

  /**
   * Decides all that needs no body: token, version, route, headers, policy. A request that may not go on is answered here.
   * @returns whether it goes on, to `run`.
   */
  async admit(reply: FastifyReply): Promise<boolean> {
    try {
      await this.#admit();
      return true;
    } catch (error) {
      this.reject(reply, AppError.from(error));
      return false;
    }
  }

  /** Runs an admitted request to its answer; whatever is thrown becomes an error body. */
  async run(reply: FastifyReply): Promise<void> {
    this.#finish(reply, await this.#answer());
  }

  /** Answers a request that failed outside of the pipeline. */
  reject(reply: FastifyReply, error: AppError): void {
    this.#finish(reply, this.#failed(error));
  }

  async #admit(): Promise<void> {
    const { site, url } = this;
    const { method, headers, params, raw } = this.request;
    requireHost(raw);
    if (url?.isPublic(method) !== true) this.#principal = await authenticated(site.options, headers, this.#ctx);
    const { style } = site.options;
    const asked = site.prefix?.compat === true ? { version: style.minVersion } : style.negotiate(headers);
    this.#negotiated = asked;
    checkProject(params as Record<string, string>, this.#principal);
    requireParams(params as Record<string, string>);
    this.#rows = rowsFor(url, method, asked, style);
    checkTarget(this.request.url, params as Record<string, string>, queryOf(this.request.url));
    checkHeaders(site.options, this.#rows, method, headers, asked);
    checkScope(site.options, this.#rows, this.#principal);
    if (!this.#byAction) this.#enforce(this.#rows[0] as Route);
  }

  async #answer(): Promise<ApiReply> {
    try {
      return await this.#handle(this.#negotiated as Negotiated);
    } catch (error) {
      return this.#failed(AppError.from(error));
    }
  }

  async #handle(negotiated: Negotiated): Promise<ApiReply> {
    const { turns } = this.site.options;
    // Parsing and checking a body is work too. An action's row is known by its body; all of one URL are changes alike.
    return turns === undefined
      ? this.#run(negotiated)
      : turns.run(this.#caller, this.#rows[0] as Route, () => this.#run(negotiated));
  }

  /** Whose turn it is: a project's, as it has the quota; without a token an address's. */
  get #caller(): string {
    const { projectId, userId } = this.#principal ?? NOBODY;
    const address = (): string => clientAddressOf(this.request.raw, this.site.options.trustForwarded === true);
    return projectId ?? (userId === '' ? address() : userId);
  }

  async #run(negotiated: Negotiated): Promise<ApiReply> {
    const { style } = this.site.options;
    const { row, body } = this.#rowAndBody(negotiated);
    const apiRequest = this.#apiRequest(row, body, negotiated);
    const relaxed = this.site.prefix?.compat === true;
    checkQuery(row, negotiated, apiRequest.query, style, relaxed);
    if (row.rawBody !== true) checkBody(row, negotiated, body, style, relaxed);
    const controller = this.site.resolve(row.controller) as Record<string, (request: ApiRequest) => Promise<ApiReply> | ApiReply>;
    const handler = controller[row.handler] as (request: ApiRequest) => Promise<ApiReply>;
    const reply = await handler.call(controller, apiRequest);
    if (row.authorizedBy === 'controller' && !this.#asked.has(row.policy ?? ''))
      throw new AppError({
        kind: 'bug',
        code: 'request.not_authorized',
        message: `${row.handler} did not ask for ${row.policy}.`,
      });
    return reply;
  }

  get #byAction(): boolean {
    return this.#rows[0]?.action !== undefined;
  }

  /** Only actions need the body to find their row, and so their policy. */
  #rowAndBody(negotiated: Negotiated): { readonly row: Route; readonly body: unknown } {
    const raw = this.request.body as Buffer | undefined;
    const first = this.#rows[0] as Route;
    if (first.rawBody === true) return { row: first, body: raw && leavable(this.request.raw) };
    const body = parseBody(raw, this.site.options.style) ?? null;
    if (!this.#byAction) return { row: first, body };
    const row = pickRow(this.#rows, this.url?.actions(this.request.method, negotiated) ?? new Set(), body);
    this.#enforce(row);
    return { row, body };
  }

  #enforce({ policy, public: isPublic, authorizedBy }: Route): void {
    if (policy !== undefined && isPublic !== true && authorizedBy !== 'controller') this.#authorize(policy);
  }

  #authorize(rule: string, target?: PolicyTarget): void {
    this.#asked.add(rule);
    if (!this.#allows(rule, target)) throw forbidden('request.forbidden', `Policy doesn't allow ${rule} to be performed.`);
  }

  /** Without a target the caller's own project is meant, as for lists and creations. */
  #allows(rule: string, target?: PolicyTarget): boolean {
    const principal = this.#principal ?? NOBODY;
    return this.site.options.policy.allows(rule, principal, { ...(target ?? callerTarget(principal)) });
  }

  #apiRequest(row: Route, body: unknown, { version, extension }: Negotiated): ApiRequest {
    const { request, site } = this;
    return {
      ctx: { ...this.#ctx, principal: this.#principal },
      principal: this.#principal ?? NOBODY,
      token: one(request.headers['x-auth-token']) ?? '',
      method: request.method,
      path: row.path,
      prefix: site.prefix?.path ?? '',
      params: request.params as Record<string, string>,
      query: queryOf(request.url),
      body,
      version,
      extension,
      headers: request.headers,
      url: request.url,
      baseUrl: baseUrlOf(request.headers, site.options.trustForwarded === true),
      rule: row.policy ?? '',
      authorize: (rule, target) => this.#authorize(rule, target),
      clientAddress: clientAddressOf(request.raw, site.options.trustForwarded === true),
      allows: (rule, target) => this.#allows(rule, target),
    };
  }

  #failed(error: AppError): ApiReply {
    const { logger, style } = this.site.options;
    const fields = { ...logFields(this.#ctx), method: this.request.method, url: loggableTarget(this.request.url) };
    if (error.kind === 'bug') logger.error({ ...fields, err: error.cause ?? error }, 'a request failed unexpectedly');
    else if (error.kind === 'dependency') logger.warn({ ...fields, err: error }, 'a service that is needed does not answer');
    return style.error(error, {
      requestId: this.#ctx.requestId,
      version: this.#negotiated?.version,
      headers: this.request.headers,
      method: this.request.method,
      routed: this.url !== undefined,
    });
  }

  #finish(reply: FastifyReply, answer: ApiReply): void {
    this.#send(reply, answer);
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const { method, url } = this.request;
    const route = this.url?.path ?? 'none';
    const { logger } = this.site.options;
    this.site.observe(this.#rows[0], answer.status, seconds);
    if (!logger.isLevelEnabled('info')) return;
    const ms = Math.round(seconds * 1e5) / 100;
    const { requestId, globalRequestId: globalId } = this.#ctx;
    const who = { user_id: this.#principal?.userId, project_id: this.#principal?.projectId };
    const what = { method, url: loggableTarget(url), route, status: answer.status, ms, version: this.#negotiated?.version };
    logger.info({ request_id: requestId, global_request_id: globalId, ...who, ...what }, 'request');
  }

  #send(reply: FastifyReply, { status, headers, body }: ApiReply): void {
    const { style, cors } = this.site.options;
    const negotiated = this.#rows[0]?.unversioned === true ? undefined : this.#negotiated;
    const version = negotiated === undefined ? {} : style.versionHeaders(negotiated);
    reply.code(status).headers({ ...style.requestIdHeaders(this.#ctx.requestId), ...version });
    if (cors !== undefined) reply.headers(corsHeaders(cors, this.request.headers, version['vary']));
    if (headers !== undefined) reply.headers(headers);
    if (isUnread(this.request.raw) && !isLittle(this.request.raw)) reply.header('connection', 'close');
    if (body === undefined) {
      if (style.emptyContentType !== undefined) reply.header('content-type', style.emptyContentType);
      return void reply.send();
    }
    if (isStream(body)) return void reply.send(body);
    if (typeof body === 'string' || Buffer.isBuffer(body)) return void this.#sendWhole(reply, body);
    if (headers?.['content-type'] === undefined) reply.header('content-type', style.contentType);
    this.#sendWhole(reply, Buffer.from(JSON.stringify(body)));
  }

  /** A request that is answered before all of it came is read on for a while. */
  #sendWhole(reply: FastifyReply, body: Buffer | string): void {
    const { raw } = this.request;
    if (!isUnread(raw)) return void reply.send(body);
    if (isLittle(raw)) {
      const { socket } = reply.raw;
      void drain(raw).then((isWhole) => isWhole || socket?.destroy());
      return void reply.send(body);
    }
    // At once: what comes next may be nothing that a parser understands. The end waits, as with it the connection is closed.
    const response = reply.hijack().raw;
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) response.setHeader(name, value);
    response.setHeader('content-length', Buffer.byteLength(body)).writeHead(reply.statusCode);
    response.write(body);
    void drain(raw).then(() => response.end());
  }
}

const isStream = (body: unknown): boolean => typeof body === 'object' && body !== null && 'pipe' in body;
