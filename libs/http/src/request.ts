import type { Ctx, Principal } from '@kilonova/util';
import type { Microversion } from './microversion.js';

/** What a controller gets: everything negotiated, checked and parsed. */
export interface ApiRequest<Body = unknown> {
  readonly ctx: Ctx;
  /** Present on every route that is not public. */
  readonly principal: Principal;
  /** What the caller showed for a token, for a service that is asked in the caller's name; empty without one. Never stored, never logged. */
  readonly token: string;
  readonly method: string;
  /** The path below the API's root, decoded parameters apart. */
  readonly path: string;
  /** Where the row stands, e.g. `/v2.1`; empty at the root. */
  readonly prefix?: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Body;
  readonly version: Microversion;
  /** Version of Kilonova's own extensions, when the client asked for them. */
  readonly extension?: Microversion;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Path and query as they were sent. */
  readonly url: string;
  /** `http://host:port` from the Host header (and forwarded headers where trusted); links are built on it. */
  readonly baseUrl: string;
  /** Asks the policy about another rule than the route's own, with an optional target: decides, never throws. */
  allows(rule: string, target?: PolicyTarget): boolean;
}

/** What a policy rule may compare the caller with. */
export interface PolicyTarget {
  readonly project_id?: string | null;
  readonly user_id?: string | null;
  readonly domain_id?: string | null;
}

/** What a controller answers. `body` is sent as JSON unless it is a string or Buffer. */
export interface ApiReply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const ok = (body: unknown, headers?: Record<string, string>): ApiReply => ({ status: 200, body, headers });
export const created = (body: unknown, headers?: Record<string, string>): ApiReply => ({ status: 201, body, headers });
export const accepted = (body?: unknown, headers?: Record<string, string>): ApiReply => ({ status: 202, body, headers });
export const noContent = (headers?: Record<string, string>): ApiReply => ({ status: 204, headers });
