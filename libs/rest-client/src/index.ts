// The base of all clients of other HTTP services: kept connections, deadlines, breakers, errors that name the service.
export type { BreakerOptions, BreakerState } from './breaker.js';
export * from './rest-client.js';
export type { RestReply, RestRequest } from './rest-message.js';
