import { endpointUrl, type Service } from '../model/catalog.js';
import type { Token } from '../model/token.js';

/** A moment as Keystone writes it, `2026-11-21T03:14:30.000000Z`. */
const moment = (epochMs: number): string => new Date(epochMs).toISOString().replace('Z', '000Z');

const named = ({ id, name }: { readonly id: string; readonly name: string }): { id: string; name: string } => ({ id, name });

/** The catalog as it stands in a token: URLs filled in for its project. */
export const catalogView = (catalog: readonly Service[], token: Token): readonly unknown[] =>
  catalog.map(({ id, type, name, endpoints }) => ({
    endpoints: endpoints.map((endpoint) => ({
      id: endpoint.id,
      interface: endpoint.interface,
      region_id: endpoint.region,
      url: endpointUrl(endpoint.url, token.project?.id),
      region: endpoint.region,
    })),
    id,
    type,
    name,
  }));

/** Its own id and that of the first token it goes back to, as Keystone shows them. */
const auditIdsView = (ids: readonly string[]): readonly string[] => [...ids.slice(0, 1), ...ids.slice(1).slice(-1)];

/** The body of a token answer. @param catalog left out of unscoped tokens, and when it was not wanted */
export function tokenView(token: Token, catalog: readonly Service[] | undefined): Record<string, unknown> {
  const { claims, user, userDomain } = token;
  const unscoped = claims.scope.kind === 'unscoped';
  return {
    methods: claims.methods,
    user: { domain: named(userDomain), id: user.id, name: user.name, password_expires_at: null },
    audit_ids: auditIdsView(claims.auditIds),
    expires_at: moment(claims.expiresAt),
    issued_at: moment(claims.issuedAt),
    ...scopeView(token),
    ...(unscoped ? {} : { roles: token.roles.map(named) }),
    ...(unscoped || catalog === undefined ? {} : { catalog: catalogView(catalog, token) }),
  };
}

function scopeView({ claims, project, projectDomain, domain }: Token): Record<string, unknown> {
  if (project !== undefined && projectDomain !== undefined)
    return { project: { domain: named(projectDomain), ...named(project) }, is_domain: false };
  if (domain !== undefined) return { domain: named(domain) };
  return claims.scope.kind === 'system' ? { system: { all: true } } : {};
}
