// What may be done to a server and when (actions), and how it is done (operations and their steps): pure data, and the
// few functions that read it. Conductors, agents, the API, tests and documents all go by these tables.
export * from './action-table.js';
export * from './operation-arguments.js';
export * from './operation-rule.js';
export * from './operation-table.js';
export * from './power-sync.js';
export * from './refusal.js';
export * from './step.js';
