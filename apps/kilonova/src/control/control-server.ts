import { existsSync, rmSync } from 'node:fs';
import http from 'node:http';

/** Answers one request of the command line; a stream of lines ends when `signal` aborts. */
export type ControlHandler = (query: URLSearchParams, write: (line: string) => void, signal: AbortSignal) => Promise<void>;

/**
 * How commands reach a running cloud: HTTP over a unix socket in the state folder, which only its owner can open. Each
 * answer is lines of JSON.
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
      if (handler === undefined) return void response.writeHead(404).end();
      const abort = new AbortController();
      response.on('close', () => abort.abort());
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.flushHeaders();
      handler(url.searchParams, (line) => void response.write(`${line}\n`), abort.signal).then(
        () => response.end(),
        (error: unknown) =>
          response.end(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`),
      );
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
