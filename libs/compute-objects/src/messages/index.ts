// The catalogue: every message of the bus, and nothing else. docs/messages.md tells how one is added.
export * from './action-event.messages.js';
export * from './boot.messages.js';
export * from './build.messages.js';
export * from './host.messages.js';
export * from './instance.messages.js';
