import { nestLog } from '../bus/nest-log.js';
import type { BusServer, BusServerOptions, RequestHandler, ServerHealth } from '../port/server-options.js';
import type { Target } from '../port/target.js';
import { Dispatcher, type Settlement } from '../serve/dispatcher.js';
import { DEFAULT_RETRY_DELAYS_MS, type Verdict } from '../serve/failure.js';
import { callQueue, castQueue, deadQueue, fanoutExchange } from '../wire/names.js';
import { encodeOutcome } from '../wire/outcome.codec.js';
import { holdMemoryBroker, type MemoryLease } from './memory-registry.js';
import { readMessage, type StoredMessage } from './stored-message.js';

const DEFAULT_CALL_PREFETCH = 64;
const DEFAULT_DRAIN_MS = 30_000;

/** The serving side of `memory://`. */
export class MemoryServer implements BusServer {
  readonly #dispatcher: Dispatcher;
  readonly #targets: readonly Target[];
  readonly #stops: Array<() => void> = [];
  #lease: MemoryLease | undefined;

  constructor(
    private readonly options: BusServerOptions,
    handle: RequestHandler,
  ) {
    const hosts = options.hosts ?? [];
    this.#targets = hosts.length === 0 ? [{ topic: options.topic }] : hosts.map((host) => ({ topic: options.topic, host }));
    this.#dispatcher = new Dispatcher(handle, {
      retryDelaysMs: options.retryDelaysMs ?? DEFAULT_RETRY_DELAYS_MS,
      log: options.log ?? nestLog('BusServer'),
      observe: options.observe ?? (() => undefined),
      now: Date.now,
    });
  }

  async start(): Promise<void> {
    this.#lease = holdMemoryBroker(this.options.url);
    const { broker } = this.#lease;
    for (const target of this.#targets) {
      const casts = broker.queue(castQueue(this.options.cell, target));
      const calls = broker.queue(callQueue(this.options.cell, target));
      this.#stops.push(casts.consume({ prefetch: this.options.prefetch, deliver: (message) => this.#cast(message) }));
      this.#stops.push(
        calls.consume({
          prefetch: this.options.callPrefetch ?? DEFAULT_CALL_PREFETCH,
          deliver: (message) => this.#call(message),
        }),
      );
    }
    const exchange = fanoutExchange(this.options.cell, this.options.topic);
    this.#stops.push(
      broker.onFanout(exchange, (message) => setImmediate(() => void this.#dispatcher.fanout(readMessage(message)))),
    );
  }

  health(): ServerHealth {
    const expected = this.#targets.length * 2 + 1;
    return { ready: this.#stops.length === expected, expected, active: this.#stops.length };
  }

  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    await this.#dispatcher.drain(this.options.drainMs ?? DEFAULT_DRAIN_MS);
    this.#lease?.release();
  }

  async #call(stored: StoredMessage): Promise<Settlement> {
    stored.reply?.(encodeOutcome(await this.#dispatcher.call(readMessage(stored))));
    return 'ack';
  }

  #cast(stored: StoredMessage): Promise<Settlement> {
    return this.#dispatcher.cast(readMessage(stored), (verdict) => this.#settle(stored, verdict));
  }

  async #settle(stored: StoredMessage, verdict: Verdict): Promise<void> {
    const broker = this.#lease?.broker;
    if (verdict.type === 'retry') {
      broker?.pushLater(castQueue(this.options.cell, stored.target), { ...stored, attempt: stored.attempt + 1 }, verdict.delayMs);
      return;
    }
    const { kind, code, message } = verdict.error;
    broker?.bury(deadQueue(this.options.cell, stored.target.topic), {
      ...readMessage(stored),
      reason: { kind, code, message },
      diedAt: Date.now(),
    });
  }
}
