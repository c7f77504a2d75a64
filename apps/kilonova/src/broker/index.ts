// Users, rights, queues and limits on the brokers of a cloud, the same for `kilonova up` and for its containers.
export { brokerDefinitions } from './broker-definitions.js';
export { type BrokerLogin, brokerSecret, vhostOf } from './broker-names.js';
export { BROKER_LIMITS, BROKER_POLICIES } from './broker-policies.js';
export { ownMessaging, ownServices } from './own-messaging.js';
