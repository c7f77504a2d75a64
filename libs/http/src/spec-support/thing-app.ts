import 'reflect-metadata';
import { createLogger, createMetrics, HealthChecks } from '@kilonova/observability';
import { Policy } from '@kilonova/policy';
import { AppError, type Principal } from '@kilonova/util';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  type ApiOptions,
  type ApiReply,
  type ApiRequest,
  accepted,
  createHttpApp,
  fastifyOf,
  HttpFault,
  mountApi,
  ok,
  type Route,
  route,
} from '../index.js';

/** A controller that shows what reaches it. */
export class ThingController {
  list(request: ApiRequest): ApiReply {
    const { version, baseUrl, prefix, params, ctx } = request;
    return ok({ things: [], version, links: baseUrl, prefix, id: params['id'], global: ctx.globalRequestId ?? null });
  }
  admin({ principal, ctx }: ApiRequest): ApiReply {
    return ok([principal.isAdmin, ctx.principal?.isAdmin]);
  }
  create(request: ApiRequest): ApiReply {
    return accepted(request.body);
  }
  /** How many run at once is noted. */
  static atOnce = 0;
  static mostAtOnce = 0;
  async slow(): Promise<ApiReply> {
    ThingController.atOnce += 1;
    ThingController.mostAtOnce = Math.max(ThingController.mostAtOnce, ThingController.atOnce);
    await new Promise((resolve) => setImmediate(resolve));
    ThingController.atOnce -= 1;
    return ok({});
  }
  start(): ApiReply {
    return accepted();
  }
  fail(): ApiReply {
    throw new Error('postgres://u:secret@h/db broke');
  }
  gone(): ApiReply {
    throw new HttpFault({ status: 410, message: 'It went away.' });
  }
  down(): ApiReply {
    throw new AppError({
      kind: 'dependency',
      code: 'image.unavailable',
      message: 'The image service cannot be reached.',
      retry: { laterMs: 2500 },
    });
  }
  missing(): ApiReply {
    throw new AppError({ kind: 'not-found', code: 'thing.not_found', message: 'Thing could not be found.' });
  }
  async size(request: ApiRequest<AsyncIterable<Buffer>>): Promise<ApiReply> {
    let bytes = 0;
    for await (const chunk of request.body) {
      bytes += chunk.length;
      if (request.params['id'] === 'full') throw new HttpFault({ status: 507, message: 'There is no room.' });
    }
    return ok({ bytes });
  }
}

/** Written without decorators: compilers may leave those of test code alone. */
class ThingModule {}
const thingModule = { module: ThingModule, providers: [ThingController] };

const name = { type: 'string', minLength: 1 };
const size = { type: 'integer', minimum: 1 };
const thing = { type: 'object', properties: { name, size }, required: ['name'], additionalProperties: false };
const schema = { type: 'object', properties: { thing }, required: ['thing'], additionalProperties: false };
const query = {
  type: 'object',
  properties: { limit: { type: 'array', items: { pattern: '^[0-9]+$' } } },
  additionalProperties: false,
};

export const versionRoutes: readonly Route[] = [route({ method: 'GET', path: '/', public: true }, ThingController, 'list')];

export const thingRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/things', policy: 'things' }, ThingController, 'list'),
  route({ method: 'POST', path: '/things', policy: 'things', body: [{ schema }] }, ThingController, 'create'),
  route({ method: 'GET', path: '/search', query: [{ schema: query }] }, ThingController, 'list'),
  route({ method: 'GET', path: '/new', min: '2.10' }, ThingController, 'list'),
  route({ method: 'POST', path: '/things/:id/action', action: 'start' }, ThingController, 'start'),
  route({ method: 'POST', path: '/things/:id/action', action: 'fly', min: '2.10' }, ThingController, 'start'),
  route({ method: 'POST', path: '/tokens', public: true, body: [{ schema }] }, ThingController, 'create'),
  route({ method: 'DELETE', path: '/tokens' }, ThingController, 'start'),
  route({ method: 'PUT', path: '/files/:id', rawBody: true }, ThingController, 'size'),
  route({ method: 'GET', path: '/slow', dear: true }, ThingController, 'slow'),
  route({ method: 'GET', path: '/fail' }, ThingController, 'fail'),
  route({ method: 'GET', path: '/gone' }, ThingController, 'gone'),
  route({ method: 'GET', path: '/down' }, ThingController, 'down'),
  route({ method: 'GET', path: '/things/:id' }, ThingController, 'missing'),
];

export const PROJECT = '11111111222233334444555555555555';

const principal: Principal = { userId: 'u', projectId: PROJECT, roles: ['member'], isAdmin: false };

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | string[] | undefined>>;
  /** Parsed when it is JSON. */
  readonly body: unknown;
}

export type Ask = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS' | 'HEAD',
  url: string,
  over?: { headers?: Record<string, string>; body?: unknown },
) => Promise<Answer>;

export interface ThingApp {
  readonly app: NestFastifyApplication;
  /** Asks in process; with the token of a member unless headers say otherwise. A body that is no text is sent as JSON. */
  readonly ask: Ask;
}

const parsed = (text: string): unknown => {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
};

export type ThingAppOptions = Pick<ApiOptions, 'style'> &
  Partial<ApiOptions> & {
    /** The rule of `/things`; default `role:member`. */
    readonly rule?: string;
    /** Takes the log lines. */
    readonly lines?: string[];
  };

/** A small API in the given style. */
export async function thingApp(options: ThingAppOptions): Promise<ThingApp> {
  const { rule = 'role:member', lines, ...over } = options;
  const destination = { write: (line: string) => void lines?.push(line) };
  const app = await createHttpApp(thingModule, { bodyLimitBytes: 4096 });
  mountApi(app, {
    service: 'test',
    rootRoutes: versionRoutes,
    routes: thingRoutes,
    authenticate: (headers) => Promise.resolve(headers['x-auth-token'] === 'good' ? principal : undefined),
    policy: new Policy({ rules: [{ name: 'things', check: rule, description: '' }], enforceNewDefaults: true }),
    logger: createLogger({ name: 'test', level: lines === undefined ? 'silent' : 'info', destination }),
    metrics: createMetrics({ service: 'test' }),
    health: new HealthChecks(),
    ...over,
  });
  await app.init();
  await fastifyOf(app).ready();
  const ask: Ask = async (method, url, { headers, body } = {}) => {
    const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const sent = { 'x-auth-token': 'good', ...(payload === undefined ? {} : { 'content-type': 'application/json' }), ...headers };
    const answer = await app.inject({ method, url, headers: sent, payload });
    return { status: answer.statusCode, headers: answer.headers, body: parsed(answer.body) };
  };
  return { app, ask };
}
