// The cells as one process sees them: a handle each, with a breaker and a deadline, so that a cell that is down costs nothing
// elsewhere; connections to their databases and brokers; and the relays of what is written in their outboxes.
export * from './cell.js';
export * from './cell-failure.js';
export * from './cell-mapping.port.js';
export * from './cell-registry.js';
export * from './cell-relays.js';
export * from './cells.section.js';
export * from './connection-url.js';
export * from './connections.js';
export * from './open-cells.js';
