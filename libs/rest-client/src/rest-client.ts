import { AppError, type BackoffPlan, type Ctx, retry } from '@kilonova/util';
import type CircuitBreaker from 'opossum';
import { Agent, type Dispatcher, request as send } from 'undici';
import { type BreakerOptions, type BreakerState, createBreaker, refusal, stateOf } from './breaker.js';
import { baseHeaders, encoded, isRepeatable, parsedBody, type RestReply, type RestRequest, readText } from './rest-message.js';

export interface RestClientOptions extends RestLimits {
  /** Names the service in errors: `<service>.unavailable`. */
  readonly service: string;
  /** What a person reads when it does not answer, e.g. `The identity service`. */
  readonly title: string;
  /** Root URL; may change while in use (a catalog's endpoint). */
  readonly baseUrl: () => string | Promise<string>;
  /** Headers of every request, such as a token. */
  readonly headers?: (ctx: Ctx) => Promise<Record<string, string>>;
}

/** How long, how often and how much at once a service is asked; each has a default. */
export interface RestLimits {
  /** Longest wait for one answer, milliseconds. Default 10 s; `ctx.deadline` may shorten it. */
  readonly timeoutMs?: number;
  /** Longest wait with all attempts and the pauses between them, milliseconds; default: that of the attempts. */
  readonly callTimeoutMs?: number;
  readonly maxConnections?: number;
  /** Attempts of a request that is safe to repeat and met a broken connection. Default 3. */
  readonly attempts?: number;
  readonly breaker?: BreakerOptions;
  /** Given the client when it is made: for health reports and metrics of its breakers. */
  readonly watch?: (client: { readonly service: string; states(): Readonly<Record<Operations, BreakerState>> }) => void;
  /** Told whenever the breaker for reads or the one for writes changes its state: for logs and metrics. */
  readonly onBreaker?: (operations: Operations, state: BreakerState) => void;
}

/** Reads and writes fail apart: a service that can't store may still answer questions. */
export type Operations = 'read' | 'write';

/** Pauses between attempts after a broken connection: a kept one may have been closed under us. */
const PAUSES: Omit<BackoffPlan, 'attempts'> = { baseMs: 30, capMs: 300 };

/** Longest JSON answer that is read, bytes. */
const ANSWER_LIMIT_BYTES = 256 * 1024 * 1024;

type Send = (ctx: Ctx, request: RestRequest) => Promise<RestReply>;

/**
 * HTTP to another service: kept connections, a deadline, a breaker for reads and one for writes. Answers of 5xx and
 * silence are errors of kind `dependency` that name the service; every other status is an answer for the caller to read.
 */
export class RestClient {
  readonly #agent: Agent;
  readonly #breakers: Readonly<Record<Operations, CircuitBreaker<Parameters<Send>, RestReply>>>;

  constructor(private readonly options: RestClientOptions) {
    this.#agent = new Agent({
      connections: options.maxConnections ?? 64,
      pipelining: 1,
      keepAliveTimeout: 30_000,
      keepAliveMaxTimeout: 60_000,
    });
    this.#breakers = { read: this.#breaker('read'), write: this.#breaker('write') };
    options.watch?.({ service: options.service, states: () => this.states() });
  }

  /**
   * Sends a request and reads its whole answer.
   * @throws AppError kind `dependency`, code `<service>.unavailable`, `.timeout`, `.failed`, `.circuit_open` or `.overloaded`;
   * kind `deadline`, code `<service>.deadline`, when nobody waits for the answer any more.
   */
  async send<T = unknown>(ctx: Ctx, request: RestRequest): Promise<RestReply<T>> {
    const operations = request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'write';
    try {
      return (await this.#breakers[operations].fire(ctx, request)) as RestReply<T>;
    } catch (error) {
      const refused = refusal(error);
      if (refused === 'circuit_open')
        throw this.#error(refused, 'is not being asked for a moment, because it has failed repeatedly', error);
      if (refused === 'overloaded')
        throw this.#error(refused, 'is not being asked, because too many requests to it are waiting', error);
      throw error;
    }
  }

  /** Sends a request and hands its body over as it comes, e.g. an image. The deadline holds until the headers are there. */
  async stream(ctx: Ctx, request: RestRequest): Promise<RestReply<Dispatcher.ResponseData['body']>> {
    const left = this.#left(ctx);
    const answer = await this.#exchange(ctx, request, left, { headersTimeout: left });
    return { status: answer.statusCode, headers: answer.headers, body: answer.body };
  }

  /** Whether requests are let through, for health reports. */
  states(): Readonly<Record<Operations, BreakerState>> {
    return { read: stateOf(this.#breakers.read), write: stateOf(this.#breakers.write) };
  }

  async close(): Promise<void> {
    for (const breaker of Object.values(this.#breakers)) breaker.shutdown();
    await this.#agent.close();
  }

  #breaker(operations: Operations): CircuitBreaker<Parameters<Send>, RestReply> {
    const { service, breaker: settings = {}, onBreaker } = this.options;
    const breaker = createBreaker<Parameters<Send>, RestReply>(
      `${service}-${operations}`,
      (ctx, request) => this.#attempts(ctx, request),
      isFailure,
      settings,
    );
    breaker.on('open', () => onBreaker?.(operations, 'open'));
    breaker.on('halfOpen', () => onBreaker?.(operations, 'half-open'));
    breaker.on('close', () => onBreaker?.(operations, 'closed'));
    return breaker;
  }

  #attempts(ctx: Ctx, request: RestRequest): Promise<RestReply> {
    const plan = { ...PAUSES, attempts: this.options.attempts ?? 3 };
    const repeatable = isRepeatable(request);
    const bounded = this.#bounded(ctx);
    return retry(
      plan,
      () => this.#once(bounded, request),
      (error) => isUnsent(error, repeatable),
    );
  }

  /** All attempts together take no longer than a call may. */
  #bounded(ctx: Ctx): Ctx {
    const { callTimeoutMs } = this.options;
    if (callTimeoutMs === undefined) return ctx;
    return { ...ctx, deadline: Math.min(ctx.deadline ?? Number.POSITIVE_INFINITY, Date.now() + callTimeoutMs) };
  }

  async #once(ctx: Ctx, request: RestRequest): Promise<RestReply> {
    const left = this.#left(ctx);
    const answer = await this.#exchange(ctx, request, left, { signal: AbortSignal.timeout(left) });
    try {
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: parsedBody(await readText(answer.body, ANSWER_LIMIT_BYTES)),
      };
    } catch (error) {
      throw this.#failure(error, left);
    }
  }

  /** Sends and waits for the headers. An answer of 5xx is read, so that the connection stays usable, and thrown. */
  async #exchange(
    ctx: Ctx,
    request: RestRequest,
    left: number,
    limits: Partial<Dispatcher.RequestOptions>,
  ): Promise<Dispatcher.ResponseData> {
    try {
      const url = `${(await this.options.baseUrl()).replace(/\/$/, '')}${request.path}`;
      const headers: Record<string, string> = { ...baseHeaders(ctx), ...(await this.options.headers?.(ctx)), ...request.headers };
      const { payload, json } = encoded(request.body);
      if (json) headers['content-type'] ??= 'application/json';
      const answer = await send(url, { ...limits, method: request.method, headers, body: payload, dispatcher: this.#agent });
      if (answer.statusCode < 500) return answer;
      throw this.#error('failed', `answered ${answer.statusCode}`, (await answer.body.text()).slice(0, 500));
    } catch (error) {
      throw this.#failure(error, left);
    }
  }

  /** Milliseconds to wait at most. @throws AppError when the caller's deadline has passed. */
  #left({ deadline }: Ctx): number {
    const limit = this.options.timeoutMs ?? 10_000;
    if (deadline === undefined) return limit;
    const left = deadline - Date.now();
    if (left > 0) return Math.min(limit, left);
    const { service, title } = this.options;
    throw new AppError({
      kind: 'deadline',
      code: `${service}.deadline`,
      message: `The time for the request was up before ${title} could be asked.`,
    });
  }

  #failure(error: unknown, left: number): AppError {
    if (error instanceof AppError) return error;
    const { name, code } = error as { name?: string; code?: string };
    const late = name === 'TimeoutError' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
    if (!late) return this.#error('unavailable', 'cannot be reached', error);
    const cutShort = left < (this.options.timeoutMs ?? 10_000);
    return this.#error('timeout', `did not answer within ${Math.round(left)} ms`, error, { cutShort });
  }

  #error(reason: string, what: string, cause: unknown, details?: Record<string, unknown>): AppError {
    const { service, title } = this.options;
    return new AppError({
      kind: 'dependency',
      code: `${service}.${reason}`,
      message: `${title} ${what}.`,
      cause,
      details,
      retry: { laterMs: 1000 },
    });
  }
}

/** Silence counts against a service only when it had its full time, not when the caller was in a hurry. */
const isFailure = (error: unknown): boolean =>
  !(error instanceof AppError) || (error.kind === 'dependency' && error.details['cutShort'] !== true);

/** A request that never reached the service may be sent again; one that may have, only if it is safe to repeat. */
function isUnsent(error: unknown, repeatable: boolean): boolean {
  if (!(error instanceof AppError) || !error.code.endsWith('.unavailable')) return false;
  const code = (error.cause as { code?: string } | undefined)?.code;
  return repeatable || code === 'ECONNREFUSED' || code === 'UND_ERR_CONNECT_TIMEOUT';
}
