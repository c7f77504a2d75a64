// Placement as the compute services use it: candidates, claims with their modes, provider trees with a diff that writes
// nothing where nothing differs. `PlacementClient` is the port; over HTTP for services, in memory for specs.
export * from './allocation.js';
export { CLAIM_VERSION } from './allocations.client.js';
export type {
  Candidates,
  CandidatesOutcome,
  CandidatesWish,
  Capacity,
  CapacityOutcome,
  ProviderSummary,
} from './candidates.client.js';
export * from './http-placement-client.js';
export * from './memory/memory-placement.js';
export * from './nest/placement.module.js';
export * from './nest/placement.section.js';
export * from './placement-client.js';
export type { PlacementTransport } from './placement-http.js';
export * from './tree/provider-tree.js';
