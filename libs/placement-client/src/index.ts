// Placement as the compute services use it: candidates, claims with their conflict rules, provider trees with a diff
// that writes nothing where nothing differs.
export * from './allocation.js';
export * from './allocations.client.js';
export * from './candidates.client.js';
export * from './placement-client.js';
export * from './placement-http.js';
export * from './tree/provider-tree.client.js';
export * from './tree/provider-tree.js';
