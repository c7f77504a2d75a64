// Events for outsiders in the two families that consumers of a compute service know: versioned objects and the older
// unversioned dictionaries. Payloads are pure; the emitter hands them to the bus and never fails its caller.
export * from './emitter.js';
export * from './instance.notifier.js';
export * from './legacy/instance.payload.js';
export * from './legacy/request-spec.payload.js';
export * from './notifications.module.js';
export * from './notifications.section.js';
export * from './task.notifier.js';
export * from './versioned/index.js';
