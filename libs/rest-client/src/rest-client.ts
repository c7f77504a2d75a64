import { AppError, type BackoffPlan, type Ctx, retry } from '@kilonova/util';
import CircuitBreaker from 'opossum';
import { Agent, request as send } from 'undici';

export interface RestClientOptions {
  /** Names the service in errors: `<service>.unavailable`. */
  readonly service: string;
  /** What a person reads when it does not answer, e.g. `The identity service`. */
  readonly title: string;
  /** Root URL; may change while in use (a catalog's endpoint). */
  readonly baseUrl: () => string | Promise<string>;
  /** Headers of every request, such as a token. */
  readonly headers?: (ctx: Ctx) => Promise<Record<string, string>>;
  /** Longest wait for one answer, milliseconds. Default 10 s; `ctx.deadline` may shorten it. */
  readonly timeoutMs?: number;
  readonly maxConnections?: number;
}

export interface RestRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query below the base URL. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
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

/** Tries after a broken connection: a keep-alive connection may have been closed under us. */
const RETRY: BackoffPlan = { attempts: 3, baseMs: 30, capMs: 300 };

/** Opens after half of at least ten requests failed within ten seconds; one probe after two. */
const BREAKER = {
  timeout: false,
  errorThresholdPercentage: 50,
  volumeThreshold: 10,
  resetTimeout: 2_000,
  rollingCountTimeout: 10_000,
  enableSnapshots: false,
} as const;

type Send = (ctx: Ctx, request: RestRequest) => Promise<RestReply>;

/**
 * HTTP to another service: kept connections, a deadline, a breaker for reads and one for writes. Answers of 5xx and
 * silence are errors of kind `dependency` that name the service; every other status is an answer for the caller to read.
 */
export class RestClient {
  readonly #agent: Agent;
  readonly #breakers: Readonly<Record<'read' | 'write', CircuitBreaker<Parameters<Send>, RestReply>>>;

  constructor(private readonly options: RestClientOptions) {
    this.#agent = new Agent({
      connections: options.maxConnections ?? 64,
      pipelining: 1,
      keepAliveTimeout: 30_000,
      keepAliveMaxTimeout: 60_000,
    });
    const breaker = (name: string) => {
      const made = new CircuitBreaker<Parameters<Send>, RestReply>((ctx, request) => this.#attempt(ctx, request), {
        ...BREAKER,
        name,
      });
      return made;
    };
    this.#breakers = { read: breaker(`${options.service}-read`), write: breaker(`${options.service}-write`) };
  }

  /** @throws AppError kind `dependency`, code `<service>.unavailable`, `.timeout`, `.failed` or `.circuit_open`. */
  async send<T = unknown>(ctx: Ctx, request: RestRequest): Promise<RestReply<T>> {
    const breaker = this.#breakers[request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'write'];
    try {
      return (await breaker.fire(ctx, request)) as RestReply<T>;
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw this.#error('circuit_open', 'is not being asked for a moment, because it has failed repeatedly', error);
    }
  }

  async close(): Promise<void> {
    for (const breaker of Object.values(this.#breakers)) breaker.shutdown();
    await this.#agent.close();
  }

  #attempt(ctx: Ctx, request: RestRequest): Promise<RestReply> {
    const repeatable = request.idempotent ?? (request.method === 'GET' || request.method === 'HEAD');
    return retry(
      RETRY,
      () => this.#once(ctx, request),
      (error) => error instanceof AppError && isUnsent(error, repeatable),
    );
  }

  async #once(ctx: Ctx, request: RestRequest): Promise<RestReply> {
    const limit = this.options.timeoutMs ?? 10_000;
    const left = Math.max(1, Math.min(limit, (ctx.deadline ?? Number.POSITIVE_INFINITY) - Date.now()));
    try {
      const url = `${(await this.options.baseUrl()).replace(/\/$/, '')}${request.path}`;
      const headers = { ...baseHeaders(ctx), ...(await this.options.headers?.(ctx)), ...request.headers };
      const body = request.body === undefined ? undefined : JSON.stringify(request.body);
      if (body !== undefined) headers['content-type'] ??= 'application/json';
      const answer = await send(url, {
        method: request.method,
        headers,
        body,
        dispatcher: this.#agent,
        signal: AbortSignal.timeout(left),
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 500) throw this.#error('failed', `answered ${answer.statusCode}`, text.slice(0, 500));
      return { status: answer.statusCode, headers: answer.headers, body: parsed(text) };
    } catch (error) {
      if (error instanceof AppError) throw error;
      if ((error as Error).name === 'TimeoutError')
        throw this.#error('timeout', `did not answer within ${Math.round(left)} ms`, error);
      throw this.#error('unavailable', 'cannot be reached', error);
    }
  }

  #error(reason: string, what: string, cause: unknown): AppError {
    return new AppError({
      kind: 'dependency',
      code: `${this.options.service}.${reason}`,
      message: `${this.options.title} ${what}.`,
      cause,
      retry: { laterMs: 1000 },
    });
  }
}

/** A request that never reached the service may be sent again; one that may have, only if it is safe to repeat. */
function isUnsent(error: AppError, repeatable: boolean): boolean {
  if (!error.code.endsWith('.unavailable')) return false;
  const code = (error.cause as { code?: string } | undefined)?.code;
  return repeatable || code === 'ECONNREFUSED' || code === 'UND_ERR_CONNECT_TIMEOUT';
}

const baseHeaders = (ctx: Ctx): Record<string, string> => ({
  accept: 'application/json',
  'x-openstack-request-id': ctx.requestId,
  ...(ctx.traceparent === undefined ? {} : { traceparent: ctx.traceparent }),
});

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
