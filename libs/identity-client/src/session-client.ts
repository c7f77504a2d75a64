import { RestClient, type RestLimits, type RestReply, type RestRequest } from '@kilonova/rest-client';
import type { Ctx } from '@kilonova/util';
import type { ServiceSession } from './service-session.js';

export interface SessionClientOptions extends RestLimits {
  /** Names the service in errors: `<service>.unavailable`. */
  readonly service: string;
  /** What a person reads when it does not answer, e.g. `The placement service`. */
  readonly title: string;
  /** Catalog type that the endpoint is looked up by. */
  readonly type: string;
  /** A fixed root URL; the catalog is not asked then. */
  readonly endpointOverride?: string;
  /** What of the catalog's URL is the root; left out: all of it. */
  readonly rootOf?: (url: string) => string;
}

/** HTTP to another service with this service's own token; a token that is refused is renewed once. */
class SessionClient {
  readonly #rest: RestClient;

  constructor(
    private readonly session: ServiceSession,
    private readonly options: SessionClientOptions,
  ) {
    this.#rest = new RestClient({ ...options, baseUrl: () => this.endpoint() });
  }

  /** Root URL of the service. */
  async endpoint(ctx: Ctx = ANYBODY): Promise<string> {
    const { endpointOverride = '', rootOf = (url) => url } = this.options;
    return rootOf(endpointOverride === '' ? await this.session.endpoint(ctx, this.options.type) : endpointOverride);
  }

  /** @throws AppError kind `dependency` */
  async send<T = unknown>(ctx: Ctx, request: RestRequest): Promise<RestReply<T>> {
    const first = await this.#once<T>(ctx, request);
    return first.status === 401 ? this.#once<T>(ctx, request) : first;
  }

  /**
   * Sends a request in the name of somebody who showed us a token. It is used this once, and not renewed.
   * @throws AppError kind `dependency`
   */
  sendAs<T = unknown>(ctx: Ctx, token: string, request: RestRequest): Promise<RestReply<T>> {
    return this.#rest.send<T>(ctx, { ...request, headers: { ...request.headers, 'x-auth-token': token } });
  }

  /** The header that a raw request of the caller's own needs. */
  async authHeaders(ctx: Ctx): Promise<Record<string, string>> {
    return { 'x-auth-token': await this.session.token(ctx) };
  }

  close(): Promise<void> {
    return this.#rest.close();
  }

  async #once<T>(ctx: Ctx, request: RestRequest): Promise<RestReply<T>> {
    const token = await this.session.token(ctx);
    const reply = await this.#rest.send<T>(ctx, { ...request, headers: { ...request.headers, 'x-auth-token': token } });
    if (reply.status === 401) this.session.discard(token);
    return reply;
  }
}

const ANYBODY: Ctx = { requestId: 'req-catalog' };

/** The placement service as other services reach it; `url` overrides the catalog. */
export const placementTransport = (session: ServiceSession, url: string, limits: RestLimits = {}): SessionClient =>
  new SessionClient(session, {
    ...limits,
    service: 'placement',
    title: 'The placement service',
    type: 'placement',
    endpointOverride: url,
  });

/** The image service likewise. */
export const imageTransport = (session: ServiceSession, url: string, limits: RestLimits = {}): SessionClient =>
  new SessionClient(session, { ...limits, service: 'image', title: 'The image service', type: 'image', endpointOverride: url });

/** The root in front of an address's version, e.g. `http://c:8776/v3/<project>`. */
const beforeVersion = (url: string): string => url.replace(/\/v\d[\d.]*(\/.*)?$/, '');

/** The volume service, whose addresses in the catalog end with its version, often with a project too. */
export const volumeTransport = (session: ServiceSession, url: string, limits: RestLimits = {}): SessionClient =>
  new SessionClient(session, {
    ...limits,
    service: 'volume',
    title: 'The volume service',
    type: 'block-storage',
    endpointOverride: url,
    rootOf: beforeVersion,
  });

/** The network service likewise. */
export const networkTransport = (session: ServiceSession, url: string, limits: RestLimits = {}): SessionClient =>
  new SessionClient(session, {
    ...limits,
    service: 'network',
    title: 'The network service',
    type: 'network',
    endpointOverride: url,
    rootOf: beforeVersion,
  });
