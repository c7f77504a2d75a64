// Placement: which provider has how much of what, who holds it, and where a request would fit. Speaks the Placement API
// 1.0 – 1.39 over HTTP and stands alone: own database, configuration, policy and commands; it knows nothing of compute.
import 'reflect-metadata';

export * from './commands/index.js';
export * from './config.js';
export { placementRules } from './policy/index.js';
export { type PlacementStart, type RunningPlacement, startPlacement } from './start.js';
