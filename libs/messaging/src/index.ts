// RPC (call, cast, fanout) and notifications over a broker: one port, two drivers (`amqp://`, `memory://`), a Nest
// transport strategy for the serving side, the transactional outbox, dead letters. README.md shows how to use it.
export * from './bus/bus-metrics.js';
export * from './bus/create-bus-server.js';
export * from './bus/create-message-bus.js';
export * from './dead-letters/dead-letter.js';
export * from './dead-letters/open-dead-letters.js';
export * from './nest/bus-app.js';
export * from './nest/bus-transport.js';
export * from './nest/message-decorators.js';
export * from './nest/rpc-context.js';
export * from './nest/rpc-error.filter.js';
export * from './notifications/oslo.codec.js';
export * from './notifications/subscribe-notifications.js';
export * from './notifications/subscription.js';
export * from './outbox/enqueue-casts.js';
export * from './outbox/outbox.repository.js';
export * from './outbox/outbox-metrics.js';
export * from './outbox/outbox-relay.js';
export * from './outbox/outbox-table.js';
export * from './outbox/sql-executor.js';
export * from './port/bus-observer.js';
export * from './port/bus-options.js';
export * from './port/delivery.js';
export * from './port/message-bus.js';
export * from './port/notification.js';
export * from './port/server-options.js';
export * from './port/target.js';
