import { type Authenticate, noAuth2 } from '@kilonova/http';
import { Policy } from '@kilonova/policy';
import { AppError, type Principal } from '@kilonova/util';

/** What a request of the probe ends with where its rule lets the caller pass: nothing else happens. */
export const PASSED = 418;

/** A caller, and the rule whose decision is wanted. */
export type ProbedPrincipal = Principal & { readonly probe?: string };

/**
 * The service's policy with a trip wire: a request ends with 418 as soon as the rule that its token names has let it pass.
 * So a decision can be read off a real request, thing looked up and all, and the world stays as it is.
 */
export class PolicyProbe extends Policy {
  override allows(...[rule, principal, target]: Parameters<Policy['allows']>): boolean {
    const allowed = super.allows(rule, principal, target);
    if (!allowed || rule !== (principal as ProbedPrincipal).probe) return allowed;
    throw new AppError({ kind: 'invalid-input', code: 'probe.passed', message: rule, details: { httpStatus: PASSED } });
  }
}

const byName = noAuth2();

/** The token is the caller as JSON, or `user:project`. */
export const tokenIsPrincipal: Authenticate = (headers, ctx) => {
  const token = String(headers['x-auth-token']);
  return token.startsWith('{') ? Promise.resolve(JSON.parse(token) as ProbedPrincipal) : byName(headers, ctx);
};
