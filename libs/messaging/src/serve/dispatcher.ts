import { AppError, BoundedCache, pause } from '@kilonova/util';
import type { BusEvent, BusLog } from '../port/bus-observer.js';
import type { Sender } from '../port/sender.js';
import type { RequestHandler } from '../port/server-options.js';
import { isRefusal, isUnknownMethod } from '../wire/bus-errors.js';
import { toWireError } from '../wire/error.codec.js';
import type { CallOutcome } from '../wire/outcome.codec.js';
import { judgeFailure, type Verdict } from './failure.js';
import { flightKey, type Incoming } from './incoming.js';

/** `ack`: the message is dealt with; `requeue`: it has to be delivered again. */
export type Settlement = 'ack' | 'requeue';

export interface DispatcherOptions {
  readonly retryDelaysMs: readonly number[];
  readonly log: BusLog;
  readonly observe: (event: BusEvent) => void;
  readonly now: () => number;
  /** Told of each sender whose message a guard or a handler refused. */
  readonly refused?: (sender: Sender) => void;
}

/** How many finished message ids are remembered, so that a redelivery of one is not run again. */
const REMEMBERED = 4_096;
/** In metrics the methods of strangers are one. */
const OTHER = 'other';
/** After the drain time, how long handlers get to notice that their signal was aborted. */
const AFTER_ABORT_MS = 1_000;

/**
 * Runs handlers for a driver: knows deadlines, single flight and what a failure means; knows nothing of queues.
 * One dispatcher a server, shared by all its queues.
 */
export class Dispatcher {
  readonly #flights = new Map<string, Promise<Settlement>>();
  readonly #finished = new BoundedCache<string, true>(REMEMBERED);
  readonly #running = new Set<Promise<unknown>>();
  /** Methods that there is a handler for, as far as they were asked for. */
  readonly #served = new Set<string>();
  readonly #stop = new AbortController();

  constructor(
    private readonly handle: RequestHandler,
    private readonly options: DispatcherOptions,
  ) {}

  /** Handles a call; one that nobody waits for any more is not run. */
  async call(message: Incoming): Promise<CallOutcome> {
    const started = this.options.now();
    const left = message.ctx.deadline === undefined ? undefined : message.ctx.deadline - started;
    if (left !== undefined && left <= 0) {
      this.#observe(message, 'expired', started);
      return { type: 'expired' };
    }
    try {
      const result = await this.#run(message, left);
      this.#observe(message, 'done', started);
      return { type: 'answer', result };
    } catch (error) {
      const asApp = AppError.from(error);
      if (asApp.kind === 'bug') this.#report(message, error, 'A call failed unexpectedly');
      this.#observe(message, 'failed', started);
      return { type: 'error', error: toWireError(asApp) };
    }
  }

  /**
   * Handles a cast. `settle` stores the verdict on a failed one (a delayed copy, a dead letter); only then is the
   * original acknowledged. A redelivery while the first is still being handled shares its run and its settlement.
   */
  async cast(message: Incoming, settle: (verdict: Verdict) => Promise<void>): Promise<Settlement> {
    const key = flightKey(message);
    if (this.#finished.get(key) === true) return 'ack';
    const under = this.#flights.get(key);
    if (under !== undefined) return under;
    const flight = this.#cast(message, key, settle).finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  /** Handles a fanout: best effort, failures are logged. */
  async fanout(message: Incoming): Promise<void> {
    const started = this.options.now();
    try {
      await this.#run(message);
      this.#observe(message, 'done', started);
    } catch (error) {
      this.#report(message, error, 'A fanout failed');
      this.#observe(message, 'failed', started);
    }
  }

  /** Waits for what runs, at most `ms`; then aborts the signals and waits a moment more. */
  async drain(ms: number): Promise<void> {
    const idle = async (): Promise<void> => {
      while (this.#running.size + this.#flights.size > 0) await Promise.allSettled([...this.#running, ...this.#flights.values()]);
    };
    const within = async (limit: number): Promise<void> => {
      const timer = new AbortController();
      await Promise.race([idle().then(() => timer.abort()), pause(limit, timer.signal).catch(() => undefined)]);
    };
    await within(ms);
    this.#stop.abort(new AppError({ kind: 'deadline', code: 'messaging.server.stopping', message: 'The service is stopping.' }));
    await within(AFTER_ABORT_MS);
  }

  async #cast(message: Incoming, key: string, settle: (verdict: Verdict) => Promise<void>): Promise<Settlement> {
    const started = this.options.now();
    try {
      await this.#run(message);
    } catch (error) {
      return await this.#castFailed(message, error, started, settle);
    }
    this.#finished.set(key, true);
    this.#observe(message, 'done', started);
    return 'ack';
  }

  async #castFailed(
    message: Incoming,
    error: unknown,
    started: number,
    settle: (verdict: Verdict) => Promise<void>,
  ): Promise<Settlement> {
    if (this.#stop.signal.aborted) {
      this.#observe(message, 'abandoned', started);
      return 'requeue';
    }
    const verdict = judgeFailure(error, message.attempt, this.options.retryDelaysMs);
    if (verdict.type === 'dead') this.#report(message, error, 'A cast failed for good and becomes a dead letter');
    this.#observe(message, verdict.type, started);
    try {
      await settle(verdict);
      return 'ack';
    } catch (settleError) {
      this.#report(message, settleError, 'The failure of a cast could not be stored; it will be delivered again');
      return 'requeue';
    }
  }

  /** `leftMs`: how long the caller still waits. */
  async #run(message: Incoming, leftMs?: number): Promise<unknown> {
    const { kind, ctx, messageId, version, target, attempt, sender } = message;
    const patience = leftMs === undefined ? undefined : callerPatience(leftMs, this.#stop.signal);
    const signal = patience?.signal ?? this.#stop.signal;
    const work = this.handle(message.method, message.args, {
      ctx,
      kind,
      messageId,
      version,
      target,
      attempt,
      signal,
      sender,
    });
    this.#running.add(work);
    try {
      const result = await work;
      this.#served.add(message.method);
      return result;
    } catch (error) {
      if (!isUnknownMethod(error)) this.#served.add(message.method);
      if (isRefusal(error, sender)) this.#refused(message, error);
      throw error;
    } finally {
      this.#running.delete(work);
      patience?.end();
    }
  }

  /** With the offender's name: whoever holds one agent shall not try in silence. */
  #refused({ kind, method, messageId, sender, ctx }: Incoming, { code }: AppError): void {
    this.options.refused?.(sender);
    this.options.observe({ type: 'refused', kind, code });
    this.options.log.warn({ request_id: ctx.requestId, kind, method, messageId, sender, code }, 'A message was refused');
  }

  #report(message: Incoming, error: unknown, text: string): void {
    const { kind, code, message: reason } = AppError.from(error);
    const { method, messageId, attempt, ctx } = message;
    const stack = kind === 'bug' && error instanceof Error ? { stack: error.stack } : {};
    this.options.log.error({ method, messageId, requestId: ctx.requestId, attempt, kind, code, reason, ...stack }, text);
  }

  /** Counts it, and leaves a line by which the request is found in this process. */
  #observe(message: Incoming, outcome: Extract<BusEvent, { type: 'handled' }>['outcome'], started: number): void {
    const { kind, method, messageId, attempt, ctx } = message;
    const ms = this.options.now() - started;
    this.options.observe({ type: 'handled', kind, method: this.#served.has(method) ? method : OTHER, outcome, ms });
    const { requestId: request_id, globalRequestId: global_request_id } = ctx;
    this.options.log.info({ request_id, global_request_id, kind, method, messageId, attempt, outcome, ms }, 'message');
  }
}

/** A signal that aborts when the caller's time is over or the server stops; a timer's greatest delay is 2³¹-1 ms. */
function callerPatience(leftMs: number, stop: AbortSignal): { signal: AbortSignal; end: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(
    () =>
      controller.abort(
        new AppError({ kind: 'deadline', code: 'messaging.call.expired', message: 'Nobody waits for the answer any more.' }),
      ),
    Math.min(leftMs, 0x7fffffff),
  );
  const onStop = (): void => controller.abort(stop.reason);
  stop.addEventListener('abort', onStop, { once: true });
  return {
    signal: controller.signal,
    end: () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
    },
  };
}
