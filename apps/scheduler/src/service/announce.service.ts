import type { ReportHost } from '@kilonova/compute-objects';
import type { MessageBus } from '@kilonova/messaging';
import { PeriodicTask, systemCtx } from '@kilonova/util';

const CONDUCTOR = { topic: 'conductor' } as const;
const BINARY = 'nova-scheduler';
const CALL_TIMEOUT_MS = 10_000;

/** Keeps this scheduler in the list of services: the super conductor, which owns the API database, writes it down. */
export class Announce {
  readonly #beat: PeriodicTask;

  constructor(
    private readonly bus: MessageBus,
    private readonly host: string,
    intervalMs: number,
    onError: (error: unknown) => void,
  ) {
    this.#beat = new PeriodicTask(intervalMs, () => this.#report(), onError);
  }

  /** Reports soon and from then on; a conductor that is not there yet is told the next time. */
  start(): void {
    this.#beat.start(0);
  }

  stop(): Promise<void> {
    return this.#beat.stop();
  }

  async #report(): Promise<void> {
    const args: ReportHost = { host: this.host, binary: BINARY, topic: 'scheduler', version: 1 };
    await this.bus.call(systemCtx(BINARY), CONDUCTOR, 'report_host', args, { timeoutMs: CALL_TIMEOUT_MS });
  }
}
