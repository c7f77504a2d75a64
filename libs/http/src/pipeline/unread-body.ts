import type { IncomingMessage } from 'node:http';

/** So much is read to its end, and the connection kept: it is on its way already. Bytes. */
const LITTLE_BYTES = 65_536;
/** What is read and thrown away at most of a request that was answered early. */
const DRAIN_BYTES = 64 * 1024 * 1024;
const DRAIN_MS = 2_000;

/** Not all of the request has come; a request that never was on a connection counts as whole. */
export const isUnread = (request: IncomingMessage): boolean => request.complete === false;

/** The rest is so little that the connection may serve the next request. */
export const isLittle = ({ headers }: IncomingMessage): boolean => Number(headers['content-length']) <= LITTLE_BYTES;

/**
 * Throws away what still comes of a request: all of it, but no more than some megabytes and seconds.
 * Whoever sends first and reads then would else wait for ever, or find its connection broken instead of a response.
 * @returns whether the request came to its end
 */
export function drain(request: IncomingMessage): Promise<boolean> {
  return new Promise((resolve) => {
    let bytes = 0;
    const settle = (): void => {
      clearTimeout(timer);
      request.off('data', count).off('end', settle).off('close', settle);
      resolve(request.complete);
    };
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > DRAIN_BYTES) settle();
    };
    const timer = setTimeout(settle, DRAIN_MS);
    request.on('error', () => undefined);
    request.on('data', count).once('end', settle).once('close', settle).resume();
    if (request.destroyed) settle();
  });
}

/** A request whose body may be left half-read: a loop over it that ends early would else take it from its connection. */
export const leavable = (request: IncomingMessage): IncomingMessage =>
  Object.assign(request, { [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }) });
