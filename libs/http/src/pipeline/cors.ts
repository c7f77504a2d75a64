import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { one } from './address.js';
import type { CorsOptions } from './api-options.js';

const allowed = (cors: CorsOptions, origin: string | undefined): origin is string =>
  origin !== undefined && (cors.allowedOrigins.includes(origin) || cors.allowedOrigins.includes('*'));

/** What a page of an allowed origin needs to read an answer; empty for other origins and without CORS. */
export function corsHeaders(
  cors: CorsOptions | undefined,
  headers: IncomingHttpHeaders,
  vary: string | undefined,
): Record<string, string> {
  const origin = one(headers.origin);
  if (cors === undefined || !allowed(cors, origin)) return {};
  const granted: Record<string, string> = {
    'access-control-allow-origin': origin,
    vary: vary === undefined ? 'Origin' : `${vary}, Origin`,
  };
  if (cors.exposeHeaders !== undefined) granted['access-control-expose-headers'] = cors.exposeHeaders.join(',');
  return granted;
}

/** Those of the allowed headers that were asked for, as they were written; none asked for, none named. */
function allowedHeaders(cors: CorsOptions, asked: string | undefined): Record<string, string> {
  const known = new Set(cors.allowHeaders.map((name) => name.toLowerCase()));
  const granted = (asked ?? '').split(',').flatMap((name) => (known.has(name.trim().toLowerCase()) ? [name.trim()] : []));
  return granted.length === 0 ? {} : { 'access-control-allow-headers': granted.join(',') };
}

/** Answers preflights ahead of authentication; one of another origin gets an answer that allows nothing. */
export function answerPreflights(fastify: FastifyInstance, cors: CorsOptions): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const origin = one(request.headers.origin);
    const wants = one(request.headers['access-control-request-method']);
    if (request.method !== 'OPTIONS' || origin === undefined || wants === undefined) return;
    if (allowed(cors, origin)) {
      void reply.headers({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': cors.allowMethods?.join(',') ?? 'GET,PUT,POST,DELETE,PATCH',
        ...allowedHeaders(cors, one(request.headers['access-control-request-headers'])),
        'access-control-max-age': String(cors.maxAgeSeconds ?? 3600),
        vary: 'Origin',
      });
    }
    await reply.code(200).send();
  });
}
