// Versioned payloads: pure functions from our objects to the published ones. One file a noun.
export * from './aggregate.payload.js';
export * from './compute-task.payload.js';
export * from './exception.payload.js';
export * from './flavor.payload.js';
export * from './instance.payload.js';
export * from './instance-volume.payload.js';
export * from './object.js';
export * from './request-spec.payload.js';
export * from './server-group.payload.js';
export * from './service.payload.js';
