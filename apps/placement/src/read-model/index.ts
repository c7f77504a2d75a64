// The read model: a World kept current from PostgreSQL, so that candidate searches and provider lists are answered from
// memory without ever being older than the request. How it hears of changes, and what that asks of the schema and of
// writers, is in README.md.
export { ProviderReadModel, type ReadModelCounters } from './provider-read-model.js';
export { pruneChanges } from './prune-changes.js';
