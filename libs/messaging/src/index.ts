// RPC (call, cast, fanout) and notifications over a broker: one port, two drivers (`amqp://`, `memory://`), a Nest
// transport strategy for the serving side, the transactional outbox, dead letters.
export * from './port/delivery.js';
export * from './port/message-bus.js';
export * from './port/notification.js';
export * from './port/server-options.js';
export * from './port/target.js';
