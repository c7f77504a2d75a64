import { effectiveRoles } from './assignment.js';
import type { Directory, Domain, Project, Role, Target, User } from './directory.js';

/** What a token is good for: a target, or nothing but asking for another token. */
export type Scope = Target | { readonly kind: 'unscoped' };

/** What is signed into a token. Roles are not: they are looked up when it is used. */
export interface TokenClaims {
  readonly userId: string;
  readonly methods: readonly string[];
  readonly scope: Scope;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Own id first, then those of the tokens it was made from, the nearest first: whichever is revoked voids it. */
  readonly auditIds: readonly string[];
}

/** A token as it stands now: claims, joined with the directory. */
export interface Token {
  readonly claims: TokenClaims;
  readonly user: User;
  readonly userDomain: Domain;
  readonly project?: Project;
  readonly projectDomain?: Domain;
  readonly domain?: Domain;
  readonly roles: readonly Role[];
}

/**
 * Joins claims with the directory; undefined when the token is void: expired, revoked, its user or scope gone or
 * disabled, issued before the user's last password change, or no role left on its scope.
 * @param now epoch milliseconds
 */
export function resolveToken(directory: Directory, claims: TokenClaims, now: number): Token | undefined {
  if (claims.expiresAt <= now || isRevoked(directory, claims)) return undefined;
  const user = directory.users[claims.userId];
  const userDomain = user && directory.domains[user.domain_id];
  if (!user?.enabled || !userDomain?.enabled || claims.issuedAt < user.tokens_valid_after) return undefined;
  const base = { claims, user, userDomain };
  if (claims.scope.kind === 'unscoped') return { ...base, roles: [] };
  const target = resolveTarget(directory, claims.scope);
  if (target === undefined) return undefined;
  const roles = effectiveRoles(directory, user.id, claims.scope);
  return roles.length === 0 ? undefined : { ...base, ...target, roles };
}

const isRevoked = (directory: Directory, claims: TokenClaims): boolean =>
  directory.revocations.some(({ audit_id }) => claims.auditIds.includes(audit_id));

/** The enabled things a scope names; undefined when one is gone or disabled. */
function resolveTarget(directory: Directory, target: Target): Pick<Token, 'project' | 'projectDomain' | 'domain'> | undefined {
  if (target.kind === 'system') return {};
  if (target.kind === 'domain') {
    const domain = directory.domains[target.id];
    return domain?.enabled ? { domain } : undefined;
  }
  const project = directory.projects[target.id];
  const projectDomain = project && directory.domains[project.domain_id];
  return project?.enabled && projectDomain?.enabled ? { project, projectDomain } : undefined;
}

/** Takes a token back, with every token made from it; forgets revocations that no longer matter. */
export const revokeToken = (directory: Directory, claims: TokenClaims, now: number): Directory => ({
  ...directory,
  revocations: [
    ...directory.revocations.filter(({ expires_at }) => expires_at > now),
    { audit_id: claims.auditIds[0] as string, expires_at: claims.expiresAt },
  ],
});

export const isAdmin = (token: Token): boolean => token.roles.some((role) => role.name === 'admin');

export const hasRole = (token: Token, name: string): boolean => token.roles.some((role) => role.name === name);
