import type { Principal } from '@kilonova/util';
import { isAdmin, type Token } from '../model/token.js';

/** The caller as policies see it. */
export function principalOf(token: Token): Principal {
  return {
    userId: token.user.id,
    userName: token.user.name,
    userDomainId: token.user.domain_id,
    projectId: token.project?.id,
    projectName: token.project?.name,
    projectDomainId: token.project?.domain_id,
    roles: token.roles.map((role) => role.name),
    isAdmin: isAdmin(token),
    systemScope: token.claims.scope.kind === 'system' ? 'all' : undefined,
  };
}

/** The first value of a header. */
export const headerOf = (headers: Readonly<Record<string, string | string[] | undefined>>, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};
