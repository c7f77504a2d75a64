// What specs send and store: one valid sample of each kind of object and of each message's arguments. For tests only.
export * from './message-samples.js';
export * from './samples.js';
