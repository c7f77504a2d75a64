import type { IncomingHttpHeaders } from 'node:http';
import type { HealthChecks, Logger, Metrics } from '@kilonova/observability';
import type { Policy, TokenScope } from '@kilonova/policy';
import type { Ctx, Principal } from '@kilonova/util';
import type { Route } from '../route.js';
import type { ApiStyle } from '../style/index.js';
import type { Turns } from './turns.js';

/** Who the caller is. @returns undefined when the credentials are missing or not valid (401). @throws AppError `dependency` when nobody can tell (503). */
export type Authenticate = (headers: IncomingHttpHeaders, ctx: Ctx) => Promise<Principal | undefined>;

/** One place where the rows stand. */
export interface Prefix {
  /** `/v2.1` */
  readonly path: string;
  /** Also below `<path>/<project id>`; the id has to be the token's project. */
  readonly projectSegment?: boolean;
  /** The older dialect: always the least microversion, whatever the headers say, and unknown keys are dropped, not refused. */
  readonly compat?: boolean;
}

export interface CorsOptions {
  /** Exact origins, or `*`. */
  readonly allowedOrigins: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly allowMethods?: readonly string[];
  /** Headers of answers that a page may read. */
  readonly exposeHeaders?: readonly string[];
  /** How long a browser may keep the answer to a preflight. Default 3600. */
  readonly maxAgeSeconds?: number;
}

/** One API on one HTTP application. */
export interface ApiOptions {
  /** The service's name, for metrics and logs. */
  readonly service: string;
  /** Rows below each prefix. */
  readonly routes: readonly Route[];
  /** Rows below no prefix: the list of versions. */
  readonly rootRoutes?: readonly Route[];
  readonly style: ApiStyle;
  readonly authenticate: Authenticate;
  readonly policy: Policy;
  /** The rule that makes a caller an administrator; `principal.isAdmin` follows it. Left out, it stays as authentication says. */
  readonly adminRule?: string;
  /** Scopes of tokens that open anything at all here, rows without a rule included; left out: the rules decide. */
  readonly tokenScopes?: readonly TokenScope[];
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Where the rows of `routes` stand; default: at the root. */
  readonly prefixes?: readonly Prefix[];
  /** Served beside the API, outside authentication. */
  readonly health?: HealthChecks;
  /** How long one request may take, milliseconds; becomes the deadline of all that it causes. Default 60 s. */
  readonly requestTimeoutMs?: number;
  /** Where the requests of one project, or of one address without a token, take their turns; without it all are answered as they come. */
  readonly turns?: Turns;
  /** Build links from X-Forwarded-Proto and X-Forwarded-Host. Only behind a proxy that sets them. */
  readonly trustForwarded?: boolean;
  readonly cors?: CorsOptions;
}
