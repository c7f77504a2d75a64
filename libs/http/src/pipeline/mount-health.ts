import type { HealthChecks } from '@kilonova/observability';
import type { FastifyInstance } from 'fastify';

/**
 * `/healthcheck`, `/livez`, `/readyz`: without token, and without touching what they don't have to. Metrics are not for an
 * API's clients: they are dear, and stand on a port of their own.
 */
export function mountHealth(instance: FastifyInstance, health: HealthChecks): void {
  const plain = (accept: string | undefined): boolean => accept?.includes('application/json') !== true;
  instance.get('/healthcheck', (request, reply) => {
    if (plain(request.headers.accept)) return reply.type('text/plain; charset=UTF-8').send('OK');
    return reply.type('application/json').send(JSON.stringify({ detailed: false, reasons: ['OK'] }));
  });
  instance.get('/livez', (_request, reply) => reply.type('text/plain').send('OK'));
  instance.get('/readyz', async (_request, reply) => {
    const report = await health.report();
    return reply
      .code(report.ready ? 200 : 503)
      .type('application/json')
      .send(JSON.stringify(report));
  });
  instance.addHook('preClose', (done) => {
    health.drain();
    done();
  });
}
