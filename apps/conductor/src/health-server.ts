import { createServer, type Server } from 'node:http';
import type { HealthChecks } from '@kilonova/observability';

/** `/livez`: the process answers. `/readyz`: all that it depends on does; 503 with the checks otherwise. */
export async function serveHealth(health: HealthChecks, host: string, port: number): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/livez') return answer(200, { alive: true });
    if (request.url !== '/readyz') return answer(404, { error: 'There are /livez and /readyz.' });
    health.report().then(
      (report) => answer(report.ready ? 200 : 503, report),
      () => answer(503, { ready: false }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return { url: urlOf(server), close: () => new Promise((resolve) => server.close(() => resolve())) };
}

function urlOf(server: Server): string {
  const address = server.address();
  return typeof address === 'object' && address !== null ? `http://${address.address}:${address.port}` : '';
}
