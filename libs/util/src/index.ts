// Small building blocks without dependencies: the error type, the context that travels with work,
// retry pauses, a bounded cache, shared runs of one task, uuid forms, files replaced whole,
// what a message is and how its arguments are described. Nothing here knows a protocol or a database.
export * from './backoff.js';
export * from './bounded-cache.js';
export * from './ctx.js';
export * from './errors.js';
export * from './keyed-gate.js';
export * from './message.js';
export * from './periodic-task.js';
export type { JsonSchema, Schema } from './schema.js';
export * as schema from './schema.js';
export * from './shared-run.js';
export * from './steady-time.js';
export * from './uuid.js';
export * from './with-timeout.js';
export * from './write-atomically.js';
