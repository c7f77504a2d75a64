import type { Principal } from '@kilonova/util';
import type { CatalogService } from './catalog.js';

interface Named {
  readonly id: string;
  readonly name: string;
}

interface InDomain extends Named {
  readonly domain: Named;
}

/** The `token` object of the identity service's answers, as far as it is read. */
export interface TokenDocument {
  /** `2026-11-22T03:14:30.000000Z` */
  readonly expires_at: string;
  readonly user: InDomain;
  readonly project?: InDomain;
  readonly domain?: Named;
  readonly roles?: readonly Named[];
  readonly catalog?: readonly CatalogService[];
  readonly system?: { readonly all?: boolean };
}

/** A token that the identity service vouches for. */
export interface ValidToken {
  readonly principal: Principal;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly catalog: readonly CatalogService[];
}

/** Reads a token's document. */
export function validTokenOf(document: TokenDocument): ValidToken {
  const roles = (document.roles ?? []).map((role) => role.name);
  return {
    principal: {
      userId: document.user.id,
      userName: document.user.name,
      userDomainId: document.user.domain.id,
      projectId: document.project?.id,
      projectName: document.project?.name,
      projectDomainId: document.project?.domain.id,
      roles,
      // Roles mean what the policy of the service that was asked says they do.
      isAdmin: false,
      domainId: document.domain?.id,
      systemScope: document.system?.all === true ? 'all' : undefined,
    },
    expiresAt: Date.parse(document.expires_at),
    catalog: document.catalog ?? [],
  };
}

/**
 * How long a token is good for yet, milliseconds, by the clock of the service that says so: ours may differ.
 * @param now for an answer that does not tell its time
 */
export function leftOf(expiresAt: string, headers: { readonly date?: string | string[] | undefined }, now: () => number): number {
  const told = Date.parse(String(headers.date));
  return Date.parse(expiresAt) - (Number.isNaN(told) ? now() : told);
}
