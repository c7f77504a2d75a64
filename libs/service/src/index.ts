// One way to compose, start, configure and stop a service that takes messages: a root module, what it serves on the bus,
// and the sections that it reads. Connections and periodic work belong to providers with Nest's lifecycle hooks.
export { logSection } from '@kilonova/config';
export * from './handlers-of.js';
export * from './run-service.js';
export * from './service.module.js';
export * from './service-definition.js';
export * from './start-gate.js';
export * from './start-service.js';
export * from './start-services.js';
export * from './tokens.js';
