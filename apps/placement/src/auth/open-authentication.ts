import { type Config, ConfigError } from '@kilonova/config';
import { type Authenticate, noAuth2 } from '@kilonova/http';
import { connectIdentity, keystoneSection, tokenAuthentication } from '@kilonova/identity-client';
import { placementAuthConfig, placementHttpConfig } from '../config.js';

/** How callers are told apart, and what to close at the end. */
export interface Authentication {
  readonly authenticate: Authenticate;
  close(): Promise<void>;
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/** @throws ConfigError where others than this machine could make themselves administrators. */
function onLoopback(config: Config): void {
  const { host } = config.get(placementHttpConfig);
  if (isLoopback(host)) return;
  const fault = `noauth2 believes every token, so http.host has to be an address of loopback, not ${host}`;
  throw new ConfigError([{ where: 'auth.strategy', fault, origin: config.origin(placementAuthConfig, 'strategy') }]);
}

/** By the identity service, or, where the configuration says so, by believing what the token says. */
export function openAuthentication(config: Config): Authentication {
  if (config.get(placementAuthConfig).strategy === 'noauth2') {
    onLoopback(config);
    return { authenticate: noAuth2(), close: () => Promise.resolve() };
  }
  const identity = connectIdentity(config.get(keystoneSection));
  return { authenticate: tokenAuthentication(identity.validator), close: () => identity.close() };
}
