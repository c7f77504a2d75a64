// The Compute API: servers and everything that users and administrators ask of a cloud, over HTTP. It accepts work in one
// transaction and never waits for it; conductors and agents hear of it through the outbox.
import 'reflect-metadata';

export { computeApiConfig } from './compute-api.config.js';
export { describeComputeApi } from './openapi/describe-api.js';
export { type ComputeApiExtras, type RunningComputeApi, startComputeApi } from './start-compute-api.js';
