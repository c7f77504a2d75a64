// What is being done to instances: rows of `operations`, from acceptance over the agents' steps to the end, and those that
// found no host. One statement a change, conditional on what the change was decided on.
export * from './build.repository.js';
export * from './burial.repository.js';
export * from './live-migration.repository.js';
export * from './operation.entity.js';
export * from './operation.repository.js';
export * from './operation-sweep.repository.js';
export * from './placing.repository.js';
export * from './rebuild.repository.js';
export * from './step.repository.js';
export * from './turn.repository.js';
