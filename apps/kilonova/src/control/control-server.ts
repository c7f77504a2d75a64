import { existsSync, rmSync } from 'node:fs';
import http from 'node:http';
import { reasonOf } from '@kilonova/util';

/** Answers one request of the command line; a stream of lines ends when `signal` aborts. */
export type ControlHandler = (query: URLSearchParams, write: (line: string) => void, signal: AbortSignal) => Promise<void>;

/**
 * How commands reach a running cloud: HTTP over a unix socket in the state folder, which only its owner can open. Each
 * answer is lines of JSON; what a handler cannot answer is told in plain text with 503.
 */
export class ControlServer {
  readonly #server: http.Server;

  constructor(
    private readonly socketPath: string,
    handlers: Readonly<Record<string, ControlHandler>>,
  ) {
    this.#server = http.createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://control');
      const handler = handlers[url.pathname.slice(1)];
      if (handler === undefined) return void response.writeHead(404).end('this version of the cloud does not know the question');
      void answer(handler, url.searchParams, response);
    });
  }

  listen(): Promise<void> {
    if (existsSync(this.socketPath)) rmSync(this.socketPath);
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.socketPath, resolve);
    });
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

async function answer(handler: ControlHandler, query: URLSearchParams, response: http.ServerResponse): Promise<void> {
  const abort = new AbortController();
  response.on('close', () => abort.abort());
  response.setHeader('content-type', 'application/x-ndjson');
  try {
    await handler(query, (line) => void response.write(`${line}\n`), abort.signal);
    response.end();
  } catch (error) {
    if (!response.headersSent) response.writeHead(503, { 'content-type': 'text/plain' });
    response.end(reasonOf(error));
  }
}
