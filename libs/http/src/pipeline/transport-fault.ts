import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, newRequestId } from '@kilonova/util';
import { HttpFault } from '../http-fault.js';
import type { ApiStyle } from '../style/index.js';

/** Faults that Fastify finds before a handler runs, by its codes. */
const FASTIFY_FAULTS: Readonly<Record<string, { readonly status: number; readonly message: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, message: 'Request is too large.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { status: 415, message: 'The content type of the request is not supported.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { status: 400, message: 'The length of the body is not the one that content-length told.' },
  FST_ERR_BAD_URL: { status: 400, message: 'The URL of the request is malformed.' },
};

/** An error that Fastify raised, as one of ours; what it has no word for is a bug. */
export function fromFastify(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  const known = code === undefined ? undefined : FASTIFY_FAULTS[code];
  if (known !== undefined) return new HttpFault(known);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new HttpFault({ status: statusCode, message: STATUS_CODES[statusCode] ?? 'The request is malformed.' });
  }
  return AppError.from(error);
}

/** What Node's parser refuses before there is a request, by its codes. */
const PARSER_FAULTS: Readonly<Record<string, { readonly status: number; readonly message: string }>> = {
  HPE_INVALID_CONTENT_LENGTH: { status: 400, message: 'content-length header must be an integer' },
  HPE_HEADER_OVERFLOW: { status: 431, message: 'The headers of the request are too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request did not arrive in time.' },
};

/** What Node refuses after its parser, in answers without a body or in none. */
const NO_TUNNEL = { status: 405, message: 'The method specified is not allowed for this resource.' };
const NO_SUCH_EXPECTATION = { status: 417, message: 'The expectation of the request cannot be met.' };

/** Answers what Node itself refuses in the words of the style, and closes the connection. */
export function answerParserFaults(server: Server, style: ApiStyle): void {
  server.on('connect', (_request, socket) => socket.end(rawAnswer(style, new HttpFault(NO_TUNNEL), 'CONNECT')));
  server.on('checkExpectation', ({ socket }) => socket.end(rawAnswer(style, new HttpFault(NO_SUCH_EXPECTATION))));
  const last = new WeakMap<Socket, ServerResponse>();
  server.on('request', ({ socket }, response) => last.set(socket, response));
  server.removeAllListeners('clientError');
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    if (isAnswered(last.get(socket))) return void socket.end();
    const fault = PARSER_FAULTS[error.code ?? ''] ?? { status: 400, message: 'The request is malformed.' };
    socket.end(rawAnswer(style, new HttpFault(fault)));
  });
}

/** True when what cannot be parsed is the rest of a request that was answered already: it gets no second answer. */
const isAnswered = (response: ServerResponse | undefined): boolean =>
  response?.headersSent === true && (!response.req.complete || !response.shouldKeepAlive);

function rawAnswer(style: ApiStyle, fault: HttpFault, method = ''): string {
  const requestId = newRequestId();
  const failed = { requestId, version: undefined, headers: {}, method, routed: false };
  const { status, body, headers } = style.error(fault, failed);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const all = {
    'content-type': style.contentType,
    ...headers,
    ...style.requestIdHeaders(requestId),
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\n${lines.join('')}\r\n${text}`;
}
