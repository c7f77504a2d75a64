import http from 'node:http';
import type { HealthChecks } from './health.js';
import type { Metrics } from './metrics.js';
import type { Closeable } from './run-process.js';

export interface HealthEndpoint {
  readonly host: string;
  /** 0: no endpoint. */
  readonly port: number;
}

/** `/livez`, `/readyz` and `/metrics` for a process that has no API of its own. */
export async function serveHealth(endpoint: HealthEndpoint, health: HealthChecks, metrics: Metrics): Promise<Closeable> {
  if (endpoint.port === 0) return { close: () => Promise.resolve() };
  const server = http.createServer((request, response) => {
    answer(request.url ?? '/', health, metrics).then(
      ({ status, type, text }) => response.writeHead(status, { 'content-type': type }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(endpoint.port, endpoint.host, resolve);
  });
  return {
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(
  url: string,
  health: HealthChecks,
  metrics: Metrics,
): Promise<{ status: number; type: string; text: string }> {
  if (url === '/livez') return { status: 200, type: 'text/plain', text: 'OK' };
  if (url === '/metrics') {
    const { contentType, text } = await metrics.expose();
    return { status: 200, type: contentType, text };
  }
  if (url !== '/readyz') return { status: 404, type: 'text/plain', text: '' };
  const report = await health.report();
  return { status: report.ready ? 200 : 503, type: 'application/json', text: JSON.stringify(report) };
}
