import { Socket } from 'node:net';
import pg, { type ClientConfig } from 'pg';
import { connectionTypes } from './types.js';

/** The settings of one connection; durations in milliseconds. */
export interface ConnectionSpec {
  readonly applicationName: string;
  readonly connectTimeoutMs: number;
  /** Enforced by the server; 0 = none. */
  readonly statementTimeoutMs: number;
}

/** The server answers or cancels within the statement timeout: silence well past it means a dead path. */
const silenceMs = (statementTimeoutMs: number): number => statementTimeoutMs + Math.min(statementTimeoutMs, 10_000);

/**
 * A socket that gives up on silence. Without it a half-open connection (the peer vanished without a word) would hold its
 * caller for the kernel's quarter of an hour and then poison the pool.
 */
const watchedSocket = (timeoutMs: number): Socket => {
  const socket = new Socket();
  socket.setTimeout(timeoutMs, () => {
    socket.destroy(Object.assign(new Error('the database connection went silent'), { code: 'ETIMEDOUT' }));
  });
  return socket;
};

/**
 * A connection whose loss is always heard. The pool and TypeORM listen by turns, with a gap while one hands it over to the
 * other; an error that comes just then (the server ends a connection that was only just made) would end the process.
 * Whoever uses the connection next is told by its query.
 */
export class HeardClient extends pg.Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/** Driver options for one connection. */
export const connectionConfig = (spec: ConnectionSpec): ClientConfig => ({
  application_name: spec.applicationName,
  connectionTimeoutMillis: spec.connectTimeoutMs,
  statement_timeout: spec.statementTimeoutMs,
  keepAlive: true,
  // Our statements run for a millisecond; where statistics are stale, compiling one first can take 240 ms.
  options: '-c jit=off',
  types: connectionTypes,
  ...(spec.statementTimeoutMs > 0 ? { stream: () => watchedSocket(silenceMs(spec.statementTimeoutMs)) } : {}),
});
