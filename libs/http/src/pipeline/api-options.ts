import type { Logger, Metrics } from '@kilonova/observability';
import type { Policy } from '@kilonova/policy';
import type { Ctx, Principal } from '@kilonova/util';
import type { IncomingHttpHeaders } from 'node:http';
import type { Route } from '../route.js';
import type { ApiStyle } from '../style/index.js';

/** Who the caller is. @returns undefined when the credentials are missing or not valid (401). @throws AppError `dependency` when nobody can tell (503). */
export type Authenticate = (headers: IncomingHttpHeaders, ctx: Ctx) => Promise<Principal | undefined>;

export interface CorsOptions {
  readonly allowedOrigins: readonly string[];
  readonly allowHeaders: readonly string[];
}

/** One API on one HTTP application. */
export interface ApiOptions {
  readonly routes: readonly Route[];
  readonly style: ApiStyle;
  /** Gives the controller of a row, e.g. `(token) => app.get(token)`. */
  readonly resolve: (token: Route['controller']) => unknown;
  readonly authenticate: Authenticate;
  readonly policy: Policy;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Paths under which the routes stand, e.g. `['/v2.1', '/v2.1/:project_id']`; default `['']`. */
  readonly prefixes?: readonly string[];
  /** How long one request may take, milliseconds; becomes the deadline of all that it causes. Default 60 s. */
  readonly requestTimeoutMs?: number;
  /** Build links from X-Forwarded-Proto and X-Forwarded-Host. Only behind a proxy that sets them. */
  readonly trustForwarded?: boolean;
  readonly cors?: CorsOptions;
}
