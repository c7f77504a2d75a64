// The identity companion: Keystone v3 as far as a cloud on one machine needs it — tokens, users, projects, roles,
// a catalog from configuration. State is one JSON file; production points at a real Keystone instead.
import 'reflect-metadata';

export { type IdentityConfig, identitySection, identitySections } from './identity.config.js';
export type { ServiceSeed } from './model/catalog.js';
export type { IdentitySeed, ProjectSeed, RoleSeed, UserSeed } from './model/seed.js';
export { type IdentityExtras, type RunningIdentity, startIdentity } from './start-identity.js';
