import type { IncomingHttpHeaders } from 'node:http';
import { RestClient, type RestLimits } from '@kilonova/rest-client';
import type { Ctx, Principal } from '@kilonova/util';
import type { KeystoneConfig } from './identity-client.config.js';
import { KeystoneSession } from './keystone-session.js';
import { KeystoneTokenValidator } from './keystone-token-validator.js';
import { KeystoneProjectDirectory, type ProjectDirectory } from './project-directory.js';
import type { ServiceSession } from './service-session.js';
import type { TokenValidator } from './token-validator.js';

export interface Identity {
  readonly session: ServiceSession;
  readonly validator: TokenValidator;
  readonly projects: ProjectDirectory;
  close(): Promise<void>;
}

/** Everything of a service that speaks with the identity service. Nothing is asked before it is needed. */
export function connectIdentity(config: KeystoneConfig, limits: RestLimits = {}): Identity {
  const identity = new RestClient({
    ...limits,
    service: 'identity',
    title: 'The identity service',
    baseUrl: () => config.authUrl,
    timeoutMs: config.timeoutSeconds * 1000,
  });
  const session = new KeystoneSession(identity, config, config);
  const validator = new KeystoneTokenValidator(identity, session, {
    maxEntries: config.tokenCacheEntries,
    maxAgeMs: config.tokenCacheSeconds * 1000,
  });
  return { session, validator, projects: new KeystoneProjectDirectory(identity), close: () => identity.close() };
}

/** The authentication of an HTTP API by the token in `X-Auth-Token`. */
export const tokenAuthentication =
  (validator: TokenValidator) =>
  async (headers: IncomingHttpHeaders, ctx: Ctx): Promise<Principal | undefined> => {
    const token = headers['x-auth-token'];
    return typeof token === 'string' ? (await validator.validate(token, ctx))?.principal : undefined;
  };
