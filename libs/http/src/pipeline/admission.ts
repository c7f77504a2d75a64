import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { scopeOf } from '@kilonova/policy';
import { AppError, type Ctx, forbidden, invalid, type Principal } from '@kilonova/util';
import type { Negotiated } from '../microversion.js';
import type { PolicyTarget } from '../request.js';
import type { Route } from '../route.js';
import type { ApiStyle } from '../style/index.js';
import type { ApiOptions } from './api-options.js';
import { PROJECT_SEGMENT } from './exchange-site.js';
import { methodNotAllowed, notFoundHere, wantsBody } from './parse-request.js';
import type { UrlRoutes } from './route-index.js';

// What is decided about a request before a byte of its body is read.

/** What rules are asked about when no thing is named: what is the caller's own. */
export const callerTarget = ({ projectId, userId }: Principal): PolicyTarget => ({ project_id: projectId, user_id: userId });

/** The caller, an administrator or not as the policy says now. @throws AppError 401 for a missing or bad token, `dependency` when nobody can tell. */
export async function authenticated(
  { authenticate, policy, adminRule }: ApiOptions,
  headers: IncomingHttpHeaders,
  ctx: Ctx,
): Promise<Principal> {
  const principal = await authenticate(headers, ctx);
  if (principal !== undefined && adminRule === undefined) return principal;
  if (principal !== undefined && adminRule !== undefined) {
    const plain = { ...principal, isAdmin: false };
    return { ...plain, isAdmin: policy.allows(adminRule, plain, { ...callerTarget(plain) }) };
  }
  throw new AppError({
    kind: 'unauthenticated',
    code: 'request.unauthenticated',
    message: 'The request you have made requires authentication.',
  });
}

/** @throws AppError 403 for a token that is scoped to what this service does not serve. Public rows need none. */
export function checkScope({ tokenScopes }: ApiOptions, rows: readonly Route[], principal: Principal | undefined): void {
  if (tokenScopes === undefined || principal === undefined || tokenScopes.includes(scopeOf(principal))) return;
  const rule = rows[0]?.policy;
  const message =
    rule === undefined || rows.length > 1
      ? `A token that is scoped to a ${scopeOf(principal)} opens nothing here; one of a ${tokenScopes.join(' or ')} is needed.`
      : `Policy doesn't allow ${rule} to be performed.`;
  throw forbidden('request.scope', message);
}

/** A project id in the URL has to be the token's. @throws AppError 400 */
export function checkProject(params: Readonly<Record<string, string>>, principal: Principal | undefined): void {
  const asked = params[PROJECT_SEGMENT];
  if (asked === undefined || principal === undefined || asked === principal.projectId) return;
  const message = `Malformed request URL: URL's project_id '${asked}' doesn't match Context's project_id '${principal.projectId ?? 'None'}'`;
  throw invalid('request.project.mismatch', message);
}

/** @throws AppError 400 when an HTTP/1.1 request does not say whom it is meant for (RFC 9112, 3.2). */
export function requireHost({ httpVersion, headers }: IncomingMessage): void {
  if (httpVersion === '1.1' && headers.host === undefined) throw invalid('request.host.missing', 'The host header is missing.');
}

/** A parameter of the path that is empty names nothing: `/os-quota-sets/` is no URL of ours. @throws AppError 404 */
export function requireParams(params: Readonly<Record<string, string>>): void {
  if (Object.values(params).includes('')) throw notFoundHere();
}

/** The rows of a URL for a method and version. @throws AppError 404, or 405 in a style that has it */
export function rowsFor(url: UrlRoutes | undefined, method: string, asked: Negotiated, style: ApiStyle): readonly Route[] {
  if (url === undefined) throw notFoundHere();
  const rows = url.rows(method, asked);
  if (rows === undefined) throw style.hidesMethods === true ? notFoundHere() : methodNotAllowed(url.methods);
  if (rows.length === 0) throw notFoundHere();
  return rows;
}

/** The style's rules on Accept and Content-Type. Rows with a raw body have none. */
export function checkHeaders(
  { style }: ApiOptions,
  rows: readonly Route[],
  method: string,
  headers: IncomingHttpHeaders,
  asked: Negotiated,
): void {
  if (rows.some((row) => row.rawBody === true)) return;
  style.checkHeaders?.({
    method,
    headers,
    hasBody: Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined,
    isPublic: rows.every((row) => row.public === true),
    wantsBody: rows.some((row) => wantsBody(row, asked)),
  });
}
