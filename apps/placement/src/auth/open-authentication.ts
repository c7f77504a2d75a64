import type { Config } from '@kilonova/config';
import { type Authenticate, noAuth2 } from '@kilonova/http';
import { connectIdentity, keystoneSection, tokenAuthentication } from '@kilonova/identity-client';
import { placementAuthConfig } from '../config.js';

/** How callers are told apart, and what to close at the end. */
export interface Authentication {
  readonly authenticate: Authenticate;
  close(): Promise<void>;
}

/** By the identity service, or, where the configuration says so, by believing what the token says. */
export function openAuthentication(config: Config): Authentication {
  if (config.get(placementAuthConfig).strategy === 'noauth2') return { authenticate: noAuth2(), close: () => Promise.resolve() };
  const identity = connectIdentity(config.get(keystoneSection));
  return { authenticate: tokenAuthentication(identity.validator), close: () => identity.close() };
}
