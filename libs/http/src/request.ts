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
  /** The IP address that the request comes from: the connection's, or the nearest forwarded one where that is trusted. */
  readonly clientAddress: string;
  /** The rule that guards the route; empty when it has none, which nobody passes. */
  readonly rule: string;
  /**
   * Asks the policy whether the caller may do that with a thing of the target's owner; left out: with what is the caller's own.
   * @throws AppError 403
   */
  authorize(rule: string, target?: PolicyTarget): void;
  /** The same as a question, for what is left out of a response rather than refused. */
  allows(rule: string, target?: PolicyTarget): boolean;
}

/** Whose the thing is that a rule is asked about. */
export interface PolicyTarget {
  readonly project_id?: string | null;
  readonly user_id?: string | null;
  readonly domain_id?: string | null;
}

/** The owner of a thing, as rules are asked about it. */
export const ownerOf = (thing: { readonly project_id: string | null; readonly user_id: string | null }): PolicyTarget => ({
  project_id: thing.project_id,
  user_id: thing.user_id,
});

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
