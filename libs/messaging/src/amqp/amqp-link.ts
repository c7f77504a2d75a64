import { backoffMs, withTimeout } from '@kilonova/util';
import { type ChannelModel, connect, type RecoveringChannelModel } from 'amqplib';
import type { BusEvent, BusLog } from '../port/bus-observer.js';
import { unavailable } from '../wire/bus-errors.js';
import { userOf, withHeartbeat } from './amqp-url.js';

/** Pauses between attempts to connect, full jitter: after an outage a thousand agents don't come back in one second. */
const RECONNECT = { baseMs: 200, capMs: 15_000 };
const CONNECT_TIMEOUT_MS = 10_000;

export interface LinkOptions {
  readonly url: string;
  /** Shown by the broker's management. */
  readonly name: string;
  readonly log: BusLog;
  readonly observe: (event: BusEvent) => void;
}

/** One TCP connection to the broker that is kept up: it reconnects for ever, with jitter, until it is closed. */
export class AmqpLink {
  readonly user: string;
  readonly #connection: Promise<RecoveringChannelModel>;
  readonly #downListeners = new Set<() => void>();
  #model: ChannelModel | undefined;
  #waiters: Array<{ resolve: (model: ChannelModel) => void; reject: (error: Error) => void }> = [];
  #blocked = false;
  #closed = false;

  constructor(private readonly options: LinkOptions) {
    this.user = userOf(options.url);
    this.#connection = this.#open();
  }

  get up(): boolean {
    return this.#model !== undefined;
  }

  /** The broker is short of memory or disk and reads nothing of what is published. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /** Waits for the connection. @throws AppError `messaging.unavailable` after `timeoutMs`, or when closed. */
  async model(timeoutMs?: number): Promise<ChannelModel> {
    if (this.#model !== undefined) return this.#model;
    if (this.#closed) throw unavailable('the connection was closed');
    const waiting = new Promise<ChannelModel>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    return timeoutMs === undefined ? waiting : withTimeout(waiting, timeoutMs, () => unavailable('no connection'));
  }

  onDown(listener: () => void): void {
    this.#downListeners.add(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const { reject } of this.#waiters.splice(0)) reject(unavailable('the connection was closed'));
    const wasUp = this.#model !== undefined;
    this.#model = undefined;
    const connection = await this.#connection;
    // A broker that doesn't answer must not hold the process.
    await withTimeout(connection.close(), CONNECT_TIMEOUT_MS, () => new Error('close timed out')).catch(() => undefined);
    if (wasUp) this.#announce('down');
  }

  async #open(): Promise<RecoveringChannelModel> {
    const { url, name } = this.options;
    const connection = await connect(withHeartbeat(url), {
      noDelay: true, // else Nagle's algorithm makes each call take 40 ms
      keepAlive: true,
      timeout: CONNECT_TIMEOUT_MS,
      clientProperties: { connection_name: name },
      recovery: {
        waitForConnect: false,
        calculateDelay: (attempt) => backoffMs(RECONNECT, attempt),
        // The 'close' that follows is what counts; without a listener an 'error' would end the process.
        setup: async (model: ChannelModel) => void model.on('error', () => undefined),
      },
    });
    connection.on('connect', (model) => this.#connected(model));
    connection.on('disconnect', (error) => this.#disconnected(error));
    connection.on('connect-failed', (error) => this.#log('The broker cannot be reached', error));
    connection.on('error', () => undefined);
    connection.on('blocked', (reason) => {
      this.#blocked = true;
      this.options.log.warn({ connection: name, reason }, 'The broker takes no messages for now');
    });
    connection.on('unblocked', () => {
      this.#blocked = false;
      this.options.log.info({ connection: name }, 'The broker takes messages again');
    });
    return connection;
  }

  #connected(model: ChannelModel): void {
    if (this.#closed) return;
    this.#model = model;
    this.#announce('up');
    for (const { resolve } of this.#waiters.splice(0)) resolve(model);
  }

  #disconnected(error: Error): void {
    this.#model = undefined;
    this.#blocked = false;
    this.#log('The connection to the broker was lost', error);
    this.#announce('down');
    for (const listener of this.#downListeners) listener();
  }

  #log(text: string, error: Error): void {
    if (!this.#closed) this.options.log.warn({ connection: this.options.name, reason: error.message }, text);
  }

  #announce(state: 'up' | 'down'): void {
    this.options.observe({ type: 'connection', name: this.options.name, state });
  }
}
