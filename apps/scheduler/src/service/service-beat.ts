import { messages } from '@kilonova/compute-objects';
import type { MessageBus } from '@kilonova/messaging';
import { type CallMessage, PeriodicTask, systemCtx } from '@kilonova/util';

const CONDUCTOR = { topic: 'conductor' } as const;
const BINARY = 'nova-scheduler';
const TIMEOUT_MS = 5_000;

/**
 * Keeps the scheduler's row in service lists alive, through the conductor: the scheduler writes to no database. A beat
 * that is lost is made up for by the next.
 */
export class ServiceBeat {
  readonly #task: PeriodicTask;

  constructor(
    private readonly bus: MessageBus,
    private readonly host: string,
    intervalMs: number,
    onError: (error: unknown) => void,
  ) {
    this.#task = new PeriodicTask(intervalMs, () => this.#beat(), onError);
  }

  start(): void {
    this.#task.start(0);
  }

  stop(): Promise<void> {
    return this.#task.stop();
  }

  /** A service that nobody knows yet introduces itself. */
  async #beat(): Promise<void> {
    const { hosts: known } = await this.#call(messages.serviceHeartbeat, { binary: BINARY, hosts: [this.host] });
    if (known.length > 0) return;
    await this.#call(messages.reportService, { host: this.host, binary: BINARY, topic: 'scheduler', version: 1 });
  }

  #call<Args, Result>(message: CallMessage<Args, Result, 'conductor'>, args: NoInfer<Args>): Promise<Result> {
    return this.bus.call(systemCtx(BINARY), message, CONDUCTOR, args, { timeoutMs: TIMEOUT_MS });
  }
}
