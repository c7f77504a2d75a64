// The identity service as other services use it: checks of callers' tokens (cached, one question per token), a session
// of the service's own, the catalog's endpoints, and an HTTP client that carries the session's token.
export * from './catalog.js';
export * from './connect-identity.js';
export * from './identity-client.config.js';
export * from './keystone-session.js';
export * from './keystone-token-validator.js';
export * from './project-directory.js';
export * from './rest-limits.js';
export * from './service-session.js';
export * from './session-client.js';
export * from './token-document.js';
export * from './token-validator.js';
