// What integration and fault tests stand on: a real PostgreSQL and a real RabbitMQ that a run starts when the first
// test asks for them, a database and a virtual host per test file, and tools to wait and to break connections.
// Imported from tests only. Where the servers come from is told in docs/testing.md.
export { freePort } from '@kilonova/local-servers';
export { type TestBroker, useBroker } from './broker.js';
export { type TestDatabase, useDatabase } from './database.js';
export { emptyTables } from './empty-tables.js';
export { type TestLength, testLength } from './environment.js';
export { type EventuallyOptions, eventually } from './eventually.js';
export { answerFault, type ErrorShape } from './malformed/answer-fault.js';
export { mutated } from './malformed/arbitrary-document.js';
export { type FuzzedApi, type FuzzedRow, requestArbitrary } from './malformed/arbitrary-request.js';
export { expectUnharmed } from './malformed/expect-unharmed.js';
export { bytesOf, exchange, type RawAnswer, type RawRequest } from './malformed/raw-exchange.js';
export { RawClient, type RawOutcome } from './raw-client.js';
export { SmallDisk } from './small-disk.js';
export { TcpProxy } from './tcp-proxy.js';
