import type { ServiceInfo } from '@kilonova/compute-objects';
import type { MessageBus } from '@kilonova/messaging';
import { systemCtx } from '@kilonova/util';

const CONDUCTOR = { topic: 'conductor' } as const;
const BINARY = 'nova-scheduler';
const TIMEOUT_MS = 5_000;

/**
 * Keeps the scheduler's row in service lists alive, through the conductor: the scheduler writes to no database. A beat
 * that is lost is made up for by the next.
 */
export class ServiceBeat {
  #timer: NodeJS.Timeout | undefined;
  #beat: Promise<void> = Promise.resolve();

  constructor(
    private readonly bus: MessageBus,
    private readonly host: string,
    private readonly intervalMs: number,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.#beat = this.#once();
    this.#timer = setInterval(() => {
      this.#beat = this.#beat.then(() => this.#once());
    }, this.intervalMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beat;
  }

  async #once(): Promise<void> {
    try {
      const known = await this.#call<unknown[]>('heartbeat', { binary: BINARY, hosts: [this.host] });
      if (known.length === 0)
        await this.#call<ServiceInfo>('report_host', { host: this.host, binary: BINARY, topic: 'scheduler', version: 1 });
    } catch (error) {
      this.onError(error);
    }
  }

  #call<T>(method: string, args: unknown): Promise<T> {
    return this.bus.call(systemCtx(BINARY), CONDUCTOR, method, args, { timeoutMs: TIMEOUT_MS });
  }
}
