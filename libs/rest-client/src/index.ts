// The base of all clients of other HTTP services: kept connections, deadlines, breakers, errors that name the service.
export * from './rest-client.js';
