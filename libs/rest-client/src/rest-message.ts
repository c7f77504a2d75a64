import type { Readable } from 'node:stream';
import type { Ctx } from '@kilonova/util';

export interface RestRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query below the base URL. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a Buffer or a stream as it is, with the content type of `headers`. */
  readonly body?: unknown;
  /** Safe to send again after a broken connection, though it writes. GET and HEAD always are. */
  readonly idempotent?: boolean;
}

/** An answer of any status below 500. */
export interface RestReply<T = unknown> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed JSON; text when it is none; undefined when empty. */
  readonly body: T;
}

/** True when sending the request twice does what sending it once does. A stream can be read only once. */
export const isRepeatable = (request: RestRequest): boolean =>
  !isStream(request.body) && (request.idempotent ?? (request.method === 'GET' || request.method === 'HEAD'));

export const isStream = (body: unknown): body is Readable => typeof body === 'object' && body !== null && 'pipe' in body;

/** A body as it is sent, and whether it is JSON. */
export function encoded(body: unknown): { readonly payload: string | Buffer | Readable | undefined; readonly json: boolean } {
  if (body === undefined) return { payload: undefined, json: false };
  if (Buffer.isBuffer(body) || isStream(body)) return { payload: body, json: false };
  return { payload: JSON.stringify(body), json: true };
}

/** What every request carries: who asks, in which request and trace. */
export const baseHeaders = (ctx: Ctx): Record<string, string> => ({
  accept: 'application/json',
  'x-openstack-request-id': ctx.requestId,
  ...(ctx.traceparent === undefined ? {} : { traceparent: ctx.traceparent }),
});

/** Reads a body as text up to a limit. @throws RangeError beyond it. */
export async function readText(body: AsyncIterable<Buffer>, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > limitBytes) throw new RangeError(`the answer is longer than ${limitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function parsedBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
